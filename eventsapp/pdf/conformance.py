"""What makes one file PDF/A-3a *and* PDF/UA-1: WeasyPrint can only declare one of the two."""

from typing import Any

import pydyf

from eventsapp.pdf.errors import DocumentRefused

VARIANT = "pdf/a-3a"

# The PDF/UA identification, and the extension schema PDF/A asks for any property it does not know.
UA_IDENTIFICATION = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def declare_pdf_ua(metadata: Any) -> None:
    """The metadata of the document will claim PDF/UA-1 beside PDF/A."""
    stock = metadata.generate_rdf_metadata

    def both(*args: Any) -> bytes:
        rdf: bytes = stock(*args)
        return rdf.replace(b"</rdf:RDF>", UA_IDENTIFICATION + b"</rdf:RDF>")

    metadata.generate_rdf_metadata = both


def settle_streams(pdf: Any) -> None:
    """Images are not interpolated, metadata stay readable without unpacking: both asked by PDF/A."""
    for stream in (item for item in pdf.objects if isinstance(item, pydyf.Stream)):
        if stream.extra.get("Subtype") == "/Image":
            stream.extra["Interpolate"] = "false"
        elif stream.extra.get("Type") == "/Metadata":
            stream.compress = False


def settle_attachments(pdf: Any, mime_types: dict[str, str]) -> None:
    """Each attached file is listed once, has the type its author gave, and nothing else is attached."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    for specification in [item for item in pdf.objects if _is_file_specification(item)]:
        embedded = pdf.objects[int(specification["EF"]["F"].split()[0])]
        mime = mime_types.get(str(specification["UF"].string))
        if mime is None:  # <a rel=attachment>
            raise DocumentRefused("the document attaches files by itself")
        embedded.extra["Subtype"] = "/" + mime.replace("/", "#2f")


def _is_file_specification(item: Any) -> bool:
    return isinstance(item, pydyf.Dictionary) and item.get("Type") == "/Filespec" and "EF" in item
