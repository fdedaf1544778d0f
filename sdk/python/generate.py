#!/usr/bin/env python3
"""Generates the parts of the package that follow from the contract (needs grpcio-tools):

    messages    folio/v1, with their types
    services    folio/_async/services.py: a class a service, a method a call, with the contract's own documentation
    sync twin   folio/_sync, from folio/_async: the same code without `async` and `await`

The wheel's build calls it; call it by hand to work on the package.
"""

import keyword
import pathlib
import re
import shutil
import tempfile

import grpc_tools
from google.protobuf import descriptor_pb2
from grpc_tools import protoc

HERE = pathlib.Path(__file__).resolve().parent
PROTO = HERE.parents[1] / "proto"
PACKAGE = HERE / "src/folio"
F = descriptor_pb2.FieldDescriptorProto

SCALARS = {
    F.TYPE_STRING: "str", F.TYPE_BYTES: "bytes", F.TYPE_BOOL: "bool", F.TYPE_DOUBLE: "float", F.TYPE_FLOAT: "float",
}

# Reached through Client.import_rows and Client.watch, which do what a bare stream leaves to the caller.
WRAPPED = ("ImportService", "WatchService")

# Every call takes it, but for streams.
TIMEOUT_DOC = "Seconds that the call may take, with all its attempts; the client's where none are given."
ROWS_DOC = "Here the rows of all pages, one after the other; a page is fetched when its first row is asked for."

MODIFY_DOC = ("Reads it, lets `change` change it, and writes what has changed, bound to what was read. Where somebody "
              "else was first, does so again, five times at most. Returns what is now stored.")

# What turns the asynchronous code into the synchronous one.
TWIN = [
    (r"\basync (def|for|with)\b", r"\1"), (r"\bawait ", ""), (r"\bAsync(Client|Iterator|Iterable|Generator)\b", r"\1"),
    (r"__a(iter|next|enter|exit)__", r"__\1__"), (r"\baclos(e|ing)\b", r"clos\1"), (r"\b_async\b", "_sync"),
    (r"_transport_async\b", "_transport_sync"),
]


def run_protoc(*arguments):
    files = sorted(str(path.relative_to(PROTO)) for path in (PROTO / "folio/v1").glob("*.proto"))
    standard = pathlib.Path(grpc_tools.__file__).parent / "_proto"
    if protoc.main(["protoc", f"-I{PROTO}", f"-I{standard}", *arguments, *files]) != 0:
        raise SystemExit("protoc failed")


def generate_messages():
    shutil.rmtree(PACKAGE / "v1", ignore_errors=True)
    run_protoc(f"--python_out={PACKAGE.parent}", f"--pyi_out={PACKAGE.parent}")


def load_descriptors():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "contract"
        run_protoc(f"--descriptor_set_out={path}", "--include_imports", "--include_source_info")
        return descriptor_pb2.FileDescriptorSet.FromString(path.read_bytes())


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class Contract:
    """What the generated code needs to know of the .proto files."""

    def __init__(self, descriptors):
        self.files = [file for file in descriptors.file if file.package == "folio.v1"]
        self.messages = {f".{file.package}.{message.name}": message for file in descriptors.file
                         for message in file.message_type}
        self.places = {f".{file.package}.{message.name}": (file, index) for file in descriptors.file
                       for index, message in enumerate(file.message_type)}

    def message(self, type_name):
        return self.messages[type_name]

    def field(self, type_name, name):
        return next((field for field in self.message(type_name).field if field.name == name), None)

    def comments_of_fields(self, type_name):
        """What the contract says about each field of a message."""
        file, place = self.places[type_name]
        return {field.name: comment_of(file, [4, place, 2, index])
                for index, field in enumerate(self.message(type_name).field)}

    def rows_field(self, method):
        """The field with the rows of a list method; None where it is not one."""
        if not self.field(method.input_type, "page_token") or not self.field(method.output_type, "next_page_token"):
            return None
        return next(field for field in self.message(method.output_type).field
                    if field.label == F.LABEL_REPEATED and field.type == F.TYPE_MESSAGE)


def python_type(type_name):
    if type_name.startswith(".folio.v1."):
        return "v1." + type_name.removeprefix(".folio.v1.")
    return "Message"


def argument_type(contract, field):
    if field.type == F.TYPE_MESSAGE:
        if field.type_name == ".google.protobuf.FieldMask":
            return "Mask"
        if field.label == F.LABEL_REPEATED and field.type_name not in contract.messages:
            return "Mapping[str, Any]"
        single = f"{python_type(field.type_name)} | Mapping[str, Any]"
    elif field.type == F.TYPE_ENUM:
        single = f"{python_type(field.type_name)} | str"
    else:
        single = SCALARS.get(field.type, "int")
    return f"Iterable[{single}]" if field.label == F.LABEL_REPEATED else single


def comment_of(file, path):
    for location in file.source_code_info.location:
        if list(location.path) == path:
            return " ".join(location.leading_comments.split()).replace("\\", "\\\\").replace('"""', "'''")
    return ""


def wrap(text, indent):
    words, lines, line = text.split(), [], ""
    for word in words:
        if line and len(indent) + len(line) + len(word) + 7 > 120:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return f"\n{indent}".join([*lines, line])


def docstring(text, arguments):
    """Lines of a method's documentation: what it does, and what each argument means."""
    lines = [f'        """{wrap(text, " " * 8)}']
    if arguments:
        lines.extend(["", "        Args:"])
        lines.extend(f'            {wrap(f"{name}: {meaning}", " " * 16)}' for name, meaning in arguments.items())
        lines.append("        ")
    lines[-1] += '"""'
    return lines


def generate_method(contract, file, service, index, out):
    method = service.method[index]
    request = contract.message(method.input_type)
    doc = comment_of(file, [6, list(file.service).index(service), 2, index])
    comments = contract.comments_of_fields(method.input_type)
    rows = contract.rows_field(method)
    if rows is not None:
        doc = f"{doc} {ROWS_DOC}"
    result = python_type(method.output_type) if method.output_type != ".google.protobuf.Empty" else "None"
    constant = f'_METHODS["{service.name}.{method.name}"]'
    out.append("")
    if rows is not None:
        head, result = "def", f"Pages[{python_type(rows.type_name)}, {result}]"
        call = f'self._pages({constant}, "{rows.name}", _request, _fields, timeout)'
    elif method.server_streaming:
        head, result = "def", f"AsyncGenerator[{result}]"
        call = f"self._stream({constant}, _request, _fields)"
    else:
        head = "async def"
        call = f"await self._unary({constant}, _request, _fields, timeout)"
    arguments = ["self", f"request: {python_type(method.input_type)} | None = None", "/", "*"]
    names = []
    meanings = {}
    for field in request.field:
        if rows is not None and field.name == "page_token":
            continue
        name = field.name + "_" if keyword.iskeyword(field.name) else field.name
        names.append((field.name, name))
        if comments[field.name]:
            meanings[name] = comments[field.name]
        arguments.append(f"{name}: {argument_type(contract, field)} | None = None")
    if not method.server_streaming:
        arguments.append("timeout: float | None = None")
        meanings["timeout"] = TIMEOUT_DOC
    out.append(f"    {head} {snake(method.name)}(")
    out.extend(f"        {argument}," for argument in arguments)
    out.append(f"    ) -> {result}:")
    out.extend(docstring(doc, meanings))
    out.append(f"        _request = {python_type(method.input_type)}() if request is None else request")
    fields = ", ".join(f'"{field}": {name}' for field, name in names)
    out.append(f"        _fields: dict[str, Any] = {{{fields}}}")
    out.append(f"        return {call}" if result != "None" else f"        {call}")


def generate_modify(contract, service, out):
    """A read-change-write for what has both a Get and an Update with a mask."""
    names = {method.name: method for method in service.method}
    for name, update in names.items():
        stem = name.removeprefix("Update")
        field = snake(stem)
        if not name.startswith("Update") or f"Get{stem}" not in names:
            continue
        if not contract.field(update.input_type, "update_mask") or not contract.field(update.input_type, field):
            continue
        resource = python_type(update.output_type)
        out.extend(["", f"    async def modify_{field}("])
        out.append(f"        self, name: str, change: Callable[[{resource}], object], *, timeout: float | None = None,")
        out.append(f"    ) -> {resource}:")
        out.append(f'        """{wrap(MODIFY_DOC, " " * 8)}"""')
        out.append(f'        get, update = _METHODS["{service.name}.Get{stem}"], _METHODS["{service.name}.{name}"]')
        out.append(f'        return await self._modify(get, update, "{field}", name, change, timeout)')


def attribute_of(service):
    """`accounts` for AccountService, which lists them; `portfolio` for PortfolioService."""
    stem = service.name.removesuffix("Service")
    plural = any(method.name == f"List{stem}s" for method in service.method)
    return snake(stem) + ("s" if plural else "")


def generate_services(contract):
    services = [(file, service) for file in contract.files for service in file.service]
    out = ['"""The services of the contract, generated from it."""', "", "from __future__ import annotations", "",
           "from collections.abc import AsyncGenerator, Callable, Iterable, Mapping", "from typing import Any", "",
           "from google.protobuf.message import Message", "", "from folio import v1",
           "from folio._async.pages import Pages", "from folio._async.service import Service",
           "from folio._methods import Mask, Method, methods_of", "from folio._transport_async import Transport", ""]
    calls = []
    classes = []
    for file, service in services:
        doc = comment_of(file, [6, list(file.service).index(service)])
        if service.name not in WRAPPED:
            classes.extend(["", "", f"class {service.name}(Service):", f'    """{wrap(doc, "    ")}"""'])
        for index, method in enumerate(service.method):
            output = python_type(method.output_type)
            empty = method.output_type == ".google.protobuf.Empty"
            calls.append(f'    ("{service.name}.{method.name}", v1.{method.input_type.split(".")[-1]}, '
                         f'{"None" if empty else output}),')
            if service.name not in WRAPPED:
                generate_method(contract, file, service, index, classes)
        generate_modify(contract, service, classes)
    out.extend(["_METHODS: dict[str, Method] = methods_of([", *calls, "])"])
    out.extend(classes)
    out.extend(["", "", "class Services:", '    """Every service, as an attribute of the client."""', "",
                "    def __init__(self, transport: Transport) -> None:"])
    out.extend(f"        self.{attribute_of(service)} = {service.name}(transport)"
               for _, service in services if service.name not in WRAPPED)
    (PACKAGE / "_async/services.py").write_text("\n".join(out) + "\n")


def generate_package(contract):
    """folio.v1 has every message and enum of the contract under its own name."""
    out = ['"""The messages of the contract, generated from it."""', ""]
    names = []
    for file in contract.files:
        module = file.name.removeprefix("folio/v1/").removesuffix(".proto") + "_pb2"
        own = sorted([message.name for message in file.message_type] + [enum.name for enum in file.enum_type] +
                     [value.name for enum in file.enum_type for value in enum.value])
        names.extend(own)
        if own:
            out.append(f"from folio.v1.{module} import ({', '.join(own)})")
    out.extend(["", "__all__ = ["])
    out.extend(f'    "{name}",' for name in names)
    out.append("]")
    (PACKAGE / "v1/__init__.py").write_text("\n".join(out) + "\n")


def generate_twin():
    target = PACKAGE / "_sync"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for source in (PACKAGE / "_async").glob("*.py"):
        text = source.read_text()
        for pattern, replacement in TWIN:
            text = re.sub(pattern, replacement, text)
        (target / source.name).write_text(text)


def main():
    generate_messages()
    contract = Contract(load_descriptors())
    generate_package(contract)
    generate_services(contract)
    generate_twin()
    shutil.copy(HERE.parent / "service_config.json", PACKAGE / "service_config.json")
    shutil.copy(HERE.parents[1] / "LICENSE", HERE / "LICENSE")


if __name__ == "__main__":
    main()
