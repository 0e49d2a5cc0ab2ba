"""The worked frameworks of the reference: each whole, with its vectors and what it says in words; a test runs them."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "worked"


def worked(name: str, *parts: str) -> str:
    """A framework as it is written, sentences of its parts, and its vectors."""
    from steelyard.calc.framework.read import read
    from steelyard.calc.framework.wording.sentences import sentences

    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    framework, problems = read(text)
    if framework is None:
        raise SystemExit(f"docs/worked/{name}.yaml: {'; '.join(map(str, problems))}")
    told = [said.text for said in sentences(framework) if said.path.startswith(parts)]
    vectors = (FOLDER / f"{name}.vectors.yaml").read_text(encoding="utf-8")
    words = "In words:\n\n" + "\n".join(f"> {text}\n>" for text in told).removesuffix("\n>") if told else ""
    return "\n\n".join(part for part in (_block(text), words, "Vectors:", _block(vectors)) if part)


def file(name: str) -> str:
    """A file as it is written."""
    return _block((FOLDER / name).read_text(encoding="utf-8"))


def _block(text: str) -> str:
    return f"```yaml\n{text.rstrip()}\n```"
