package io.apus.tensor;

import java.util.Optional;
import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.Stat;
import org.bytedeco.pytorch.cuda.DeviceStats;
import org.bytedeco.pytorch.global.torch;

/**
 * What libtorch's allocator holds of a GPU's memory, in bytes.
 *
 * @param allocated in tensors now
 * @param peak most in tensors since {@link #resetPeak}
 * @param reserved taken from the GPU now, tensors included
 * @param reservedPeak most taken since {@link #resetPeak}
 * @param total memory of the GPU
 */
public record DeviceMemory(long allocated, long peak, long reserved, long reservedPeak, long total) {
    /** Nothing on the CPU, whose memory the operating system counts. */
    public static Optional<DeviceMemory> of(Device device) {
        if (!device.isCuda()) {
            return Optional.empty();
        }
        try (Scope scope = Scope.open()) {
            SizeTPair freeAndTotal = torch.getMemoryInfo((byte) device.index());
            return Optional.of(counted(device, freeAndTotal.first(), freeAndTotal.second()));
        }
    }

    private static DeviceMemory counted(Device device, long free, long total) {
        try {
            DeviceStats stats = torch.getDeviceStats((byte) device.index());
            // The first of each array of statistics is the sum over small and large blocks.
            Stat allocated = stats.allocated_bytes();
            Stat reserved = stats.reserved_bytes();
            return new DeviceMemory(allocated.current(), allocated.peak(), reserved.current(), reserved.peak(), total);
        } catch (LinkageError e) {
            // The statistics are in a part of the binding that needs more of CUDA than computing does; the driver
            // counts too.
            long used = total - free;
            return new DeviceMemory(used, used, used, used, total);
        }
    }

    /** Lets the peaks count from what is held now. */
    public static void resetPeak(Device device) {
        if (device.isCuda()) {
            torch.resetPeakStats((byte) device.index());
        }
    }

    /** Gives back what is reserved and not in use. */
    public static void emptyCache(Device device) {
        if (device.isCuda()) {
            torch.emptyCache();
        }
    }
}
