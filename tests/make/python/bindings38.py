

def positional_only(first="slash-default", /, second="plain-default"):
    if (walrus := "walrus-value"):
        return walrus
