package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** How one rank spreads the layers over several devices, as accelerate does it for transformers. */
@Group
public record PlacementSpec(
        @Doc(
                        "layers over the devices of a rank: auto or balanced (the fullest device as empty as can be), sequential (one device after the other is filled), or a map of module to device, e.g. model.layers.0=0 lm_head=cpu")
                Map<String, String> deviceMap,
        @Doc(
                        "of device_map auto, balanced and sequential: the most that a device gives, e.g. 0=20GiB cpu=100GiB; devices that are not named are left out")
                Map<String, String> maxMemory) {
    /** The key under which a way to place everything stands, as accelerate writes a map that is about the whole model. */
    private static final String WHOLE = "";

    public static final List<String> STRATEGIES = List.of("auto", "balanced", "sequential");
    private static final String DEVICE = "cpu|cuda|(cuda:)?\\d{1,3}";
    private static final String SIZE = "\\d{1,15}(\\.\\d{1,6})?\\s*([KMGT]i?B)?";
    private static final String UNITS = "KMGT";
    private static final String MAP = "device_map";
    private static final String MEMORY = "max_memory";

    public PlacementSpec {
        deviceMap = orEmpty(deviceMap);
        maxMemory = orEmpty(maxMemory);
        Problems problems = new Problems("train");
        for (Map.Entry<String, String> entry : deviceMap.entrySet()) {
            boolean way = entry.getKey().isEmpty() && STRATEGIES.contains(entry.getValue());
            problems.require(
                    way || entry.getValue().matches(DEVICE),
                    MAP,
                    "\"" + entry.getValue() + "\" is not one of " + String.join(", ", STRATEGIES)
                            + ", and no device: cpu, cuda:0 or 0, 1 and so on");
            problems.require(
                    !way || deviceMap.size() == 1, MAP, entry.getValue() + " places everything: give it alone");
        }
        problems.require(
                maxMemory.isEmpty() || (deviceMap.size() == 1 && STRATEGIES.contains(deviceMap.get(WHOLE))),
                MEMORY,
                "is about device_map " + String.join(", ", STRATEGIES));
        maxMemory.forEach((device, size) -> problems.require(
                        device.matches(DEVICE),
                        MEMORY,
                        "\"" + device + "\" is no device: cpu, cuda:0 or 0, 1 and so on")
                .require(size.matches(SIZE), MEMORY, device + " must be a size such as 20GiB, is \"" + size + "\""));
        problems.throwIfAny();
    }

    static PlacementSpec none() {
        return new PlacementSpec(null, null);
    }

    public boolean given() {
        return !deviceMap.isEmpty();
    }

    /** auto, balanced or sequential; empty where each module's device is named. */
    public String strategy() {
        String way = deviceMap.getOrDefault(WHOLE, "");
        return STRATEGIES.contains(way) ? way : "";
    }

    /** What max_memory says of {@code device}, as it is written there. */
    public OptionalLong limit(String device) {
        String size = maxMemory.get(device);
        return size == null ? OptionalLong.empty() : OptionalLong.of(bytes(size));
    }

    /** Bytes of a size: units with an i are powers of 1024, the others of 1000. */
    private static long bytes(String size) {
        String number = size.replaceAll("[^\\d.]", "");
        String unit = size.replaceAll("[\\d.\\s]", "");
        int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit.charAt(0)) + 1;
        return Math.round(Double.parseDouble(number) * Math.pow(unit.contains("i") ? 1024 : 1000, power));
    }
}
