

def matched(command):
    match command:
        case "matched-literal":
            return 1
        case {"action": "matched-key"}:
            return 2
        case Point(label="matched-attribute"):
            return 3
