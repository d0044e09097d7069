"""The filters of the dialogs that export names, from the registry of export formats."""

from engine.sampling.export import EXPORT_FORMATS


def export_filters() -> dict[str, str]:
    """Return the name of each export format by its filter: "Table (*.csv)"."""
    return {f"{each.title} (*{each.suffix})": each.name for each in EXPORT_FORMATS.values()}
