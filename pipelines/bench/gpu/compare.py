"""The same training steps by PyTorch and transformers, for a line beside Apus': random weights of Qwen2.5's shapes, one sample of
--tokens tokens, AdamW, bfloat16. Writes peers.md and peers.json."""
import argparse
import gc
import json
import os
import statistics
import time

import torch
import transformers
from transformers import AutoModelForCausalLM, Qwen2Config

SHAPES = {  # vocabulary, hidden, intermediate, layers, heads, key-value heads, tied
    "tiny": (320, 64, 128, 2, 4, 2, True),
    "0.5b": (151936, 896, 4864, 24, 14, 2, True),
    "1.5b": (151936, 1536, 8960, 28, 12, 2, True),
    "7b": (152064, 3584, 18944, 28, 28, 4, False),
}
LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def model_of(size, method, masters):
    v, h, m, layers, heads, kv, tied = SHAPES[size]
    config = Qwen2Config(vocab_size=v, hidden_size=h, intermediate_size=m, num_hidden_layers=layers, num_attention_heads=heads,
                         num_key_value_heads=kv, tie_word_embeddings=tied, max_position_embeddings=32768, use_cache=False)
    kept = torch.float32 if method == "full" and masters else torch.bfloat16
    torch.set_default_dtype(kept)
    with torch.device("cuda"):
        model = AutoModelForCausalLM.from_config(config, attn_implementation="sdpa")
    torch.set_default_dtype(torch.float32)
    if method == "lora":
        from peft import LoraConfig, get_peft_model
        model = get_peft_model(model, LoraConfig(r=8, lora_alpha=32, lora_dropout=0.05, target_modules=LINEARS))
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.data = parameter.data.float()
    return model.train(), str(kept).split(".")[1]


def measure(size, method, tokens, checkpointed, warmups, steps):
    masters = 18 * sum_of(size) < torch.cuda.get_device_properties(torch.cuda.current_device()).total_memory
    model, kept = model_of(size, method, masters)
    if checkpointed:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        if method == "lora":
            model.enable_input_require_grads()
    learned = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(learned, lr=1e-5, weight_decay=0.1, fused=True)
    ids = torch.randint(0, SHAPES[size][0], (1, tokens), device="cuda")
    seconds = []
    for step in range(warmups + steps):
        if step == warmups:
            torch.cuda.reset_peak_memory_stats()
        torch.cuda.synchronize()
        start = time.perf_counter()
        with torch.autocast("cuda", dtype=torch.bfloat16):
            loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        torch.cuda.synchronize()
        if step >= warmups:
            seconds.append(time.perf_counter() - start)
    median = statistics.median(seconds)
    return {"model": size, "method": method, "weights": kept, "checkpointing": checkpointed, "tokens": tokens, "ms/step": median * 1e3,
            "tokens/s": tokens / median, "peak GB": torch.cuda.max_memory_allocated() / 1e9, "loss": loss.item()}


def sum_of(size):
    v, h, m, layers, heads, kv, tied = SHAPES[size]
    per_layer = 2 * h * h + 2 * h * (h // heads) * kv + 3 * h * m
    return layers * per_layer + v * h * (1 if tied else 2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--sizes", default="0.5b,1.5b,7b")
    parser.add_argument("--methods", default="full,lora")
    parser.add_argument("--tokens", type=int, default=4096)
    parser.add_argument("--warmups", type=int, default=3)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--out", default="out")
    options = parser.parse_args()
    torch.cuda.set_device(torch.device(options.device).index or 0)
    rows = []
    for size in options.sizes.split(","):
        for method in options.methods.split(","):
            for checkpointed in (False, True):
                try:
                    row = measure(size, method, options.tokens, checkpointed, options.warmups, options.steps)
                except Exception as error:  # what does not fit, or a version that lacks a part, is a line too
                    text = "out of memory" if isinstance(error, torch.cuda.OutOfMemoryError) else f"{type(error).__name__}: {error}"
                    row = {"model": size, "method": method, "checkpointing": checkpointed, "failed": text.splitlines()[0]}
                gc.collect()
                torch.cuda.empty_cache()
                rows.append(row)
                print(row, flush=True)
    versions = f"torch {torch.__version__}, transformers {transformers.__version__}, {torch.cuda.get_device_name()}"
    with open(os.path.join(options.out, "peers.json"), "w") as file:
        json.dump({"versions": versions, "rows": rows}, file, indent=1)
    names = ["model", "method", "weights", "checkpointing", "tokens", "ms/step", "tokens/s", "peak GB", "loss", "failed"]
    with open(os.path.join(options.out, "peers.md"), "w") as file:
        file.write(f"{versions}; one sample a step, sdpa, fused AdamW, autocast bfloat16\n\n")
        file.write("| " + " | ".join(names) + " |\n|" + " --- |" * len(names) + "\n")
        for row in rows:
            cells = (row.get(name, "") for name in names)
            file.write("| " + " | ".join(f"{c:.4g}" if isinstance(c, float) else str(c) for c in cells) + " |\n")


main()
