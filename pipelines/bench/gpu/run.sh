#!/usr/bin/env bash
# Runs `bench gpu` out of a kit: run.sh [--device cuda] [--sizes 0.5b,1.5b,7b] [--methods full,lora] [--out FOLDER] ...
# Options are those of the benchmark (pipelines/bench/README.md). NVIDIA's libraries are looked for in LD_LIBRARY_PATH, in the usual
# folders and in those of a Python that brings them. Where Python has PyTorch and transformers, they are measured too.
set -euo pipefail

kit=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd -P)
out=out device=cuda sizes=0.5b,1.5b,7b methods=full,lora tokens=4096
given=("$@")
for ((i = 0; i + 1 < ${#given[@]}; i += 2)); do
  case ${given[i]} in
    --out) out=${given[i + 1]} ;;
    --device) device=${given[i + 1]} ;;
    --sizes) sizes=${given[i + 1]} ;;
    --methods) methods=${given[i + 1]} ;;
    --tokens) tokens=${given[i + 1]} ;;
  esac
done
mkdir -p "$out"

python_libraries() {
  command -v python3 >/dev/null || return 0
  python3 - <<'PYTHON' 2>/dev/null || true
import glob, site, sys
roots = {p for p in sys.path if p.endswith("-packages")} | set(site.getsitepackages())
print(":".join(sorted(f for r in roots for f in glob.glob(r + "/nvidia/*/lib"))))
PYTHON
}
libraries=${LD_LIBRARY_PATH:-}
for folder in /usr/local/cuda/lib64 /usr/local/cuda/extras/CUPTI/lib64 /usr/local/nvidia/lib64; do
  if [ -d "$folder" ]; then libraries=$libraries:$folder; fi
done
export LD_LIBRARY_PATH=$libraries:$(python_libraries)

cores=$(nproc)
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$cores} OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1} OMP_WAIT_POLICY=PASSIVE
"$kit/java/bin/java" -Xmx4g -XX:+UseSerialGC -Dfile.encoding=UTF-8 \
  -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.maxbytes=0 \
  -Dorg.bytedeco.javacpp.cachedir="${APUS_KIT_CACHE:-$kit/natives}" \
  -cp "$kit/lib/*" io.apus.bench.GpuBench --cases "$kit/cases" --out "$out" "$@"

if [ "$device" != cpu ] && command -v python3 >/dev/null && python3 -c 'import torch, transformers' 2>/dev/null; then
  python3 "$kit/compare.py" --device "$device" --sizes "$sizes" --methods "$methods" --tokens "$tokens" --out "$out" ||
    echo "run: PyTorch's part failed; Apus' is complete" >&2
fi
