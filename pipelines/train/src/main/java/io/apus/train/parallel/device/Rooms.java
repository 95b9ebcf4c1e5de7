package io.apus.train.parallel.device;

import io.apus.schemas.spec.PlacementSpec;
import io.apus.tensor.Device;
import io.apus.tensor.DeviceMemory;
import io.apus.train.measure.ProcessMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the devices of this process can take: its GPUs, or the CPU where it has none or max_memory names it. */
final class Rooms {
    /** Share of a GPU's memory that may be filled, as accelerate leaves a tenth for what is computed. */
    private static final double USABLE = 0.9;

    private Rooms() {}

    /** Refuses what max_memory says of a device that is not there. */
    static List<Room> of(PlacementSpec spec) {
        spec.maxMemory().keySet().stream().map(DeviceMap::device).forEach(Device::require);
        List<Device> devices = Device.available();
        List<Room> rooms = new ArrayList<>();
        for (Device device : devices.subList(1, devices.size())) {
            limit(spec, device).ifPresent(limit -> rooms.add(room(device, limit)));
        }
        if (rooms.isEmpty() || spec.maxMemory().containsKey(Device.CPU.toString())) {
            rooms.add(room(Device.CPU, limit(spec, Device.CPU).orElse(Long.MAX_VALUE)));
        }
        return rooms;
    }

    /** The most that a device may give; empty where max_memory names others alone. */
    private static Optional<Long> limit(PlacementSpec spec, Device device) {
        if (spec.maxMemory().isEmpty()) {
            return Optional.of(Long.MAX_VALUE);
        }
        return spec.maxMemory().keySet().stream()
                .filter(name -> DeviceMap.device(name).equals(device))
                .findFirst()
                .map(name -> spec.limit(name).orElseThrow());
    }

    private static Room room(Device device, long limit) {
        return new Room(device, Math.min(limit, free(device)));
    }

    private static long free(Device device) {
        return DeviceMemory.of(device)
                .map(memory -> (long) (USABLE * memory.total()) - memory.reserved())
                .orElseGet(ProcessMemory::available);
    }
}
