"""The typed dictionaries say what the models and the pod fields say, no more and no less."""

import ast

import pytest

from kaitops.api import kaito_v1alpha1, kaito_v1beta1
from kaitops.components.resources import argument_writer
from kaitops.kaito import facts
from tests.version import KAITO

NAMES = ("meta.py", "pods.py", "kaito_v1beta1.py", "kaito_v1alpha1.py")
FORMATTED = {name: (argument_writer.FOLDER / name).read_text("utf-8") for name in NAMES}


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return argument_writer.files()


def _keys(text: str) -> dict[str, set[str]]:
    classes = [node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)]
    return {
        node.name: {part.target.id for part in node.body if isinstance(part, ast.AnnAssign)}  # type: ignore[union-attr]
        for node in classes
    }


@pytest.mark.e2e
@pytest.mark.parametrize("name", NAMES)
def test_the_committed_file_is_what_is_generated(name: str, generated: dict[str, str]) -> None:
    assert ast.dump(ast.parse(FORMATTED[name])) == ast.dump(ast.parse(generated[name])), (
        "run python -m kaitops.components.resources.argument_writer and ruff format"
    )


@pytest.mark.e2e
def test_there_are_no_other_files(generated: dict[str, str]) -> None:
    assert set(generated) == set(NAMES)
    assert {path.name for path in argument_writer.FOLDER.glob("*.py")} == {*generated, "__init__.py"}


def test_every_field_of_a_pod_template_is_a_key() -> None:
    types = facts.load(KAITO, "pod-fields.json")["types"]
    keys = {**_keys(FORMATTED["pods.py"]), **_keys(FORMATTED["meta.py"])}
    assert {name: set(fields) for name, fields in types.items() if name in keys} == {
        name: keys[name] for name in types if name in keys
    }
    assert set(types) <= set(keys)


@pytest.mark.parametrize("module", [kaito_v1beta1, kaito_v1alpha1])
def test_every_field_of_a_model_is_a_key(module: object) -> None:
    name = module.__name__.rsplit(".", 1)[-1]  # type: ignore[attr-defined]
    keys = _keys(FORMATTED[f"{name}.py"])
    for title, found in keys.items():
        fields = getattr(module, title).model_fields
        assert found == {field.alias or key for key, field in fields.items()}, title
    assert keys


def test_the_generated_modules_can_be_imported() -> None:
    from kaitops.components.resources.arguments import kaito_v1alpha1, kaito_v1beta1, meta, pods

    for module in (kaito_v1alpha1, kaito_v1beta1, meta, pods):
        assert all(isinstance(value, type) for name, value in vars(module).items() if name.endswith("Spec"))


def test_a_key_that_python_does_not_take_is_no_surprise() -> None:
    with pytest.raises(ValueError, match="from: cannot be a key"):
        argument_writer._key("from", "str", required=True, given=True)
