"""What can go wrong with a document."""


class PdfError(Exception):
    """A document could not be made."""


class DocumentRefused(PdfError):
    """The document itself is at fault: rendering it again gives the same refusal."""


class UnsupportedCharacter(DocumentRefused):
    """No font holds one of its characters, so the file could conform to no standard."""

    def __init__(self, characters: list[str]) -> None:
        super().__init__(", ".join(characters))
        self.characters = characters


class ResourceRefused(DocumentRefused):
    """The document names a file or an address outside its closed dictionary."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class RenderingInterrupted(PdfError):
    """The rendering process was stopped: too long, too large, or killed from outside."""
