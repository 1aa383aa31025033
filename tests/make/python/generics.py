"""Names that the compiler makes of its own, or writes otherwise than the source: PEP 695, PEP 696, PEP 3131."""


class Shelf[Book, Order = int]:
    __label = "a private name"

    def first[Found: (str, bytes)](self, default: Found) -> Found:
        ﬁne, µ = default, 1
        return ﬁne if µ else self.__label


type Pair[One] = tuple[One, One]


def sized[*Sizes](*sizes: *Sizes, ｗｉｄｔｈ: int = 1) -> int:
    return len(sizes) * ｗｉｄｔｈ
