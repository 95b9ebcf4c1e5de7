#!/usr/bin/env bash
# Assembles what `bench gpu` needs on a Linux machine that has NVIDIA's driver and libraries and neither Java nor Spark nor a network:
#   build-kit.sh [--out FOLDER] [--arch 90] [--parts 48m] [--class-path FILE]
# --arch keeps the machine code for one architecture (90 is Hopper): a third of the size. --parts cuts the archive into files of that
# size, which `cat` joins. --class-path names a file with a class path to take the jars from instead of asking Maven for it.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../../.." && pwd -P)
out=$root/pipelines/bench/target/gpu-kit arch= parts= class_path=
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=$2 ;;
    --arch) arch=$2 ;;
    --parts) parts=$2 ;;
    --class-path) class_path=$2 ;;
    *) sed -n '2,6p' "$0" >&2; exit 2 ;;
  esac
  shift 2
done

if [ -z "$class_path" ]; then
  echo "build-kit: building ..." >&2
  (cd "$root" && ./mvnw -B -q -Pgpu -Dmaven.test.skip=true -pl pipelines/bench -am package \
    dependency:build-classpath -Dmdep.outputFile=target/kit-class-path.txt) >&2
  class_path=$root/pipelines/bench/target/kit-class-path.txt
  # The other benchmarks run without the GPU's libraries: their class path is made anew when they are next asked for.
  rm -f "$root/pipelines/bench/target/class-path.txt"
fi

kit=$out/apus-gpu-kit
rm -rf "$kit"
mkdir -p "$kit/lib" "$kit/cases"

for module in schemas pipelines/tensor pipelines/model pipelines/shards pipelines/train pipelines/bench; do
  jar --create --file "$kit/lib/apus-$(basename $module).jar" -C "$root/$module/target/classes" .
done
tr ':' '\n' <"$class_path" | grep -E '/(jackson-(core|databind|annotations)|javacpp|pytorch|openblas|cuda)-[0-9][^/]*\.jar$' |
  grep -vE '/pytorch-[^/]*-linux-x86_64\.jar$' | while read -r jar; do cp "$jar" "$kit/lib/"; done
for needed in '-gpu.jar' javacpp openblas cuda- jackson-databind; do
  ls "$kit/lib" | grep -q -- "$needed" || { echo "build-kit: the class path has no *$needed*: was it made with -Pgpu?" >&2; exit 2; }
done

# Natives lie in a jar that is not compressed: the archive around it compresses better.
natives=$(mktemp -d)
trap 'rm -rf "$natives"' EXIT
for jar in "$kit"/lib/*-gpu.jar "$kit"/lib/openblas-*-linux-x86_64.jar; do
  rm -rf "$natives"/*
  (cd "$natives" && jar --extract --file "$jar")
  if [ -n "$arch" ]; then
    find "$natives" -name '*.so*' -type f -exec \
      java -cp "$kit/lib/apus-bench.jar" io.apus.bench.gpu.GpuCode "$arch" {} +
  fi
  rm "$jar"
  jar --create --no-compress --file "$jar" --manifest "$natives/META-INF/MANIFEST.MF" -C "$natives" .
done

for config in "$root"/pipelines/model/src/test/resources/golden/*/config.json; do
  name=$(basename "$(dirname "$config")")
  mkdir -p "$kit/cases/$name"
  cp "$config" "$kit/cases/$name/"
done
cp "$root/pipelines/bench/gpu/run.sh" "$root/pipelines/bench/gpu/compare.py" "$kit/"

jlink --add-modules java.base,java.logging,java.management,jdk.unsupported \
  --strip-debug --no-header-files --no-man-pages --output "$kit/java"

archive=$out/apus-gpu-kit.tar.xz
tar -C "$out" -c apus-gpu-kit | xz -T0 -4 >"$archive"
if [ -n "$parts" ]; then
  rm -f "$archive".part-*
  split -b "$parts" -d "$archive" "$archive.part-"
fi
ls -l "$archive"*
