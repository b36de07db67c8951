"""What a reader chooses in the rows of a table, kept while a search or a filter leaves some of them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import streamlit as st

# Place of a row in the whole table → column → what was chosen.
_Written = dict[int, dict[str, Any]]


@dataclass
class Edits:
    """The rows in an editor. Another selection or order of rows is another editor, with what was chosen before."""

    table: str
    places: list[int]
    round: int = 0
    before: _Written = field(default_factory=dict)
    is_hidden: bool = False

    @classmethod
    def of(cls, table: str, places: list[int]) -> Edits:
        """The edits of this table in the session, for the rows at these places."""
        key = f"_edits-{table}"
        known: Edits | None = st.session_state.get(key)
        if known is None or not (known.is_hidden or known.editor in st.session_state):
            known = cls(table, places)  # at first, and when the page was left: Streamlit forgets its widgets
        elif known.places != places:
            known = cls(table, places, known.round + 1, known._chosen())
        st.session_state[key] = known
        return known

    @property
    def editor(self) -> str:
        """The editor's key."""
        return f"table-{self.table}" + (f"-{self.round}" if self.round else "")

    def over(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame with what was chosen before this editor was drawn: Streamlit adds what is chosen in it."""
        values = {
            name: frame[name].tolist() for name in {name for row in self.before.values() for name in row}
        }
        for place, row in self.before.items():
            for name, value in row.items():
                values[name][place] = value
        return frame.assign(
            **{
                name: pd.Series(each, index=frame.index, dtype=frame[name].dtype)
                for name, each in values.items()
            }
        )

    def with_edited(self, whole: pd.DataFrame, edited: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
        """The whole frame with the rows that the editor gave."""
        made = {}
        for name in columns:
            values = whole[name].tolist()
            for place, value in zip(self.places, edited[name].tolist(), strict=True):
                values[place] = value
            made[name] = pd.Series(values, index=whole.index, dtype=edited[name].dtype)
        return whole.assign(**made)

    def hide(self) -> None:
        """Keeps what was chosen while no row is in sight, and so no editor."""
        self.is_hidden = True

    def _chosen(self) -> _Written:
        """What was chosen in this editor and before it."""
        state = st.session_state.get(self.editor) or {}
        here = {self.places[row]: values for row, values in state.get("edited_rows", {}).items()}
        return {
            place: {**self.before.get(place, {}), **here.get(place, {})} for place in {*self.before, *here}
        }
