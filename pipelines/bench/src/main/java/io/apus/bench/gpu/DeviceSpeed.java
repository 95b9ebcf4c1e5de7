package io.apus.bench.gpu;

import io.apus.bench.measure.Table;
import io.apus.bench.train.Batch;
import io.apus.bench.train.StepOperations;
import io.apus.model.Precision;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.DeviceMemory;
import io.apus.train.MatrixRate;
import io.apus.train.measure.ProcessMemory;
import java.util.Arrays;

/** Speed and memory of training steps on a device, as a share of what its matrix products reach. */
final class DeviceSpeed {
    private static final double TERA = 1e12;
    private static final double GIGA = 1e9;
    /** Bytes for a weight that learns with AdamW: float32 weight, gradient and two averages, and what a step needs beside them. */
    private static final double BYTES_WITH_MASTERS = 18;

    private final Device device;
    private final DType dtype;
    private final int warmups;
    private final int steps;
    private final Table table = new Table(
            "Training step: forward, backward, gradient norm, AdamW; random weights, every token a target",
            "model",
            "method",
            "weights",
            "rows",
            "checkpointing",
            "tokens",
            "ms/step",
            "tokens/s",
            "TFLOP/s",
            "share of peak %",
            "peak GB",
            "reserved GB",
            "loss");

    DeviceSpeed(Device device, DType dtype, int warmups, int steps) {
        this.device = device;
        this.dtype = dtype;
        this.warmups = warmups;
        this.steps = steps;
    }

    /** Adds a line for each kind of row with and without checkpointing; what does not fit is said in its line. */
    void measure(String size, String tuner, int tokens) {
        QwenShape shape = QwenShape.named(size);
        Precision precision = precision(shape, tuner);
        try (DeviceStep step = new DeviceStep(shape, tuner, device, precision)) {
            Batch packed = Batch.of(tokens, shape.vocabSize());
            for (boolean checkpointed : new boolean[] {false, true}) {
                line(step, size, tuner, packed, "packed", checkpointed);
                line(step, size, tuner, packed.joined(), "one sample", checkpointed);
            }
        } catch (RuntimeException e) {
            table.row(size, tuner, said(precision), "", "", tokens, reason(e), "", "", "", "", "", "");
        } finally {
            DeviceMemory.emptyCache(device);
        }
    }

    /** Float32 masters where they fit the device's memory. */
    private Precision precision(QwenShape shape, String tuner) {
        if (dtype == DType.F32) {
            return Precision.FLOAT32;
        }
        double masters = shape.config().parameterCount() * BYTES_WITH_MASTERS;
        boolean fits = !tuner.equals("full")
                || DeviceMemory.of(device)
                        .map(memory -> masters < memory.total())
                        .orElse(true);
        return fits ? Precision.BFLOAT16 : Precision.PURE_BFLOAT16;
    }

    private static String said(Precision precision) {
        return precision.learned() == precision.frozen()
                ? precision.learned().toString()
                : precision.learned() + " learned, " + precision.frozen() + " frozen";
    }

    private void line(DeviceStep step, String size, String tuner, Batch batch, String rows, boolean checkpointed) {
        String weights = said(step.model().precision());
        String saved = checkpointed ? "yes" : "no";
        try {
            double loss = 0;
            for (int i = 0; i < warmups; i++) {
                loss = step.run(batch, checkpointed);
            }
            device.synchronize();
            DeviceMemory.resetPeak(device);
            double[] seconds = new double[steps];
            for (int i = 0; i < steps; i++) {
                long start = System.nanoTime();
                loss = step.run(batch, checkpointed);
                device.synchronize();
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
            Arrays.sort(seconds);
            double median = seconds[steps / 2];
            double rate = StepOperations.of(step.model(), batch) / median;
            table.row(
                    size,
                    tuner,
                    weights,
                    rows,
                    saved,
                    batch.tokens(),
                    median * 1e3,
                    batch.tokens() / median,
                    rate / TERA,
                    100 * rate / MatrixRate.operationsPerSecond(device, dtype),
                    DeviceMemory.of(device).map(DeviceMemory::peak).orElseGet(ProcessMemory::peak) / GIGA,
                    DeviceMemory.of(device).map(DeviceMemory::reservedPeak).orElse(0L) / GIGA,
                    loss);
        } catch (RuntimeException e) {
            table.row(size, tuner, weights, rows, saved, batch.tokens(), reason(e), "", "", "", "", "", "");
            DeviceMemory.emptyCache(device);
        }
    }

    private static String reason(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("out of memory")
                ? "out of memory"
                : message.lines().findFirst().orElse(e.toString());
    }

    Table table() {
        return table;
    }
}
