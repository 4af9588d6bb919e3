"""Printed sheets: A4, black and white, one PDF per call, made by Typst without a network."""

from service.web.print.render import render_pdf
from service.web.print.sheets import Letterhead, MatchSheet, PhoneSheet, SoundingSheet, to_dict

__all__ = ["Letterhead", "MatchSheet", "PhoneSheet", "SoundingSheet", "render_pdf", "to_dict"]
