"""The records that ``data/`` is read into; an unknown key is an error."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Colour = Annotated[str, StringConstraints(pattern=r"^[0-9A-F]{6}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^([a-z]+/[a-z0-9-]+|\*)$")]


class Record(BaseModel):
    """What every record shares: it cannot change, and knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Practice(Record):
    """One thing that the program gives practical experience in."""

    slug: Slug
    title: Text


class Program(Record):
    """The program itself: its name, its overview and what it gives practice in."""

    title: Text
    overview: Text
    emphasis: Text
    practices: tuple[Practice, ...] = Field(min_length=1)


class Technology(Record):
    """A technology that the program covers."""

    slug: Slug
    title: Text
    description: Text


class Concept(Record):
    """A concept of backend development that the program covers."""

    slug: Slug
    title: Text
    description: Text


class Challenge(Record):
    """A challenge of the program, with the solution that its learners found."""

    slug: Slug
    title: Text
    solution: Text


class Takeaway(Record):
    """A habit that learners take away; the icon is the program's own emoji."""

    slug: Slug
    icon: Text
    title: Text


class System(Record):
    """One of the program's badges: a real system, with its colour and logo."""

    slug: Slug
    title: Text
    colour: Colour
    logo: Slug
    logo_colour: Text


class Topic(Record):
    """A row of the program, of any kind, with the modules that carry it."""

    kind: str
    slug: str
    title: str
    description: str
    icon: str
    modules: tuple[str, ...]


class Module(Record):
    """One module of the course."""

    slug: Slug
    order: int = Field(ge=0, le=99)
    title: Text
    question: Text
    summary: Text
    objectives: tuple[Text, ...] = Field(min_length=2)
    out_of_scope: tuple[Text, ...] = Field(min_length=1)
    minutes: int = Field(gt=0, le=600)
    prerequisites: tuple[Slug, ...]
    topics: tuple[Reference, ...] = Field(min_length=1)
    lab: Text
    recap: tuple[Text, ...] = Field(min_length=3)

    @property
    def notebook(self) -> str:
        """The notebook's file name, such as ``03_query_performance.ipynb``."""
        return f"{self.order:02d}_{self.slug.replace('-', '_')}.ipynb"

    @property
    def label(self) -> str:
        """Order and title, such as ``3 Query performance``."""
        return f"{self.order} {self.title}"


class Term(Record):
    """A word of the field in plain English."""

    term: Text
    meaning: Text


class Choice(Record):
    """One answer to choose; its feedback is shown when it is chosen."""

    text: Text
    feedback: Text
    right: bool = False


class Question(Record):
    """A question with exactly one right choice."""

    slug: Slug
    prompt: Text
    code: str = ""
    choices: tuple[Choice, ...] = Field(alias="choice", min_length=2)

    @model_validator(mode="after")
    def _exactly_one_is_right(self) -> Question:
        right = sum(choice.right for choice in self.choices)
        if right != 1:
            raise ValueError(f"has {right} right choices; mark exactly one with 'right = true'")
        return self


class Card(Record):
    """A card for later review: a question, and its short answer on the back."""

    slug: Slug
    front: Text
    back: Text
