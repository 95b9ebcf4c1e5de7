package io.apus.bench.gpu;

import io.apus.bench.measure.Options;
import io.apus.bench.measure.Report;
import io.apus.bench.measure.Table;
import io.apus.schemas.UserError;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.tensor.DeviceMemory;
import io.apus.train.MatrixRate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code bench gpu} measures, in the order in which it does. */
public final class DeviceBench {
    private static final double TERA = 1e12;

    private DeviceBench() {}

    /** Adds everything that {@code options} ask for to {@code report}. */
    public static void run(Options options, Report report) throws IOException {
        Device device = Device.parse(options.text("device")).require();
        DType dtype = dtype(options.text("dtype"));
        report.fact("device", device.toString());
        DeviceMemory.of(device).ifPresent(memory -> report.fact("device_memory_gb", memory.total() / 1e9));
        rates(device, report);
        Optional<Path> cases = options.path("cases");
        if (cases.isPresent()) {
            DeviceParity parity = new DeviceParity(device);
            parity.measure(cases.get());
            report.add(parity.table());
            report.note("parity: " + parity.failures() + " lines out of tolerance");
        }
        DeviceSpeed speed = new DeviceSpeed(device, dtype, options.count("warmups"), options.count("steps"));
        for (String size : options.names("sizes")) {
            for (String method : options.names("methods")) {
                speed.measure(size, method, options.count("tokens"));
            }
        }
        report.add(speed.table());
        report.note(
                "TFLOP/s counts six operations a weight that learns and token, four a weight that does not, and causal"
                        + " attention within samples; no recomputation");
        report.note("share of peak compares it with this device's own matrix products in the same type");
        report.note(
                "peak GB is the most that tensors took during the measured steps; on a CPU that of the whole process so far");
    }

    private static void rates(Device device, Report report) {
        Table table = new Table("Matrix products of this device", "type", "TFLOP/s");
        for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
            table.row(dtype.toString(), MatrixRate.operationsPerSecond(device, dtype) / TERA);
        }
        report.add(table);
    }

    private static DType dtype(String name) {
        return switch (name) {
            case "float32" -> DType.F32;
            case "bfloat16" -> DType.BF16;
            default ->
                throw new UserError(
                        "Cannot run the benchmark", "--dtype is \"" + name + "\"", "Known: float32, bfloat16.");
        };
    }
}
