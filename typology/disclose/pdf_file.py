"""What a PDF of a release says: the text of its pages, what it tells about itself, and files hidden in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_XMP = re.compile(rb"<x:xmpmeta.*?</x:xmpmeta>", re.DOTALL)
_FOLDERS = re.compile(
    r"""(?:^|[\s"'(=>])(?:file:/*|~?/(?=[\w.+-]+/[\w.+-]))[\w.+-]+|\b[A-Za-z]:\\\w|\\\\\w"""
)


@dataclass(frozen=True)
class PdfText:
    """What can be read out of a PDF.

    Parameters
    ----------
    pages : str
        The text of all pages.
    about : str
        Title, author, program, dates and further metadata.
    attachments : int
        Number of files inside the file.
    """

    pages: str
    about: str
    attachments: int

    @property
    def names_a_folder(self) -> bool:
        """Whether the metadata hold the path of a file, such as that of the survey."""
        return bool(_FOLDERS.search(self.about))


def read_pdf(path: Path) -> PdfText:
    """Read what a PDF says, as any reader of it can."""
    # takes a tenth of a second to import, and only finished releases are read
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        pages = "\n".join(page.get_textpage().get_text_range() for page in document)
        about = [str(value) for value in document.get_metadata_dict().values()]
        attachments = document.count_attachments()
    xmp = [found.decode("utf-8", errors="replace") for found in _XMP.findall(path.read_bytes())]
    return PdfText(pages=pages, about="\n".join([*about, *xmp]), attachments=attachments)
