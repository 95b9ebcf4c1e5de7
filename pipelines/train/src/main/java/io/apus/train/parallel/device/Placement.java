package io.apus.train.parallel.device;

import io.apus.schemas.UserError;
import io.apus.tensor.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which device has which layer of a model: neighbouring layers on each, in the order of the devices, so that states cross a border once.
 *
 * @param devices one for each layer
 */
public record Placement(List<Device> devices) {
    private static final double MIB = 1 << 20;

    public Placement {
        devices = List.copyOf(devices);
    }

    /** Fills one device after the other. */
    public static Placement sequential(List<Layer> layers, List<Room> rooms) {
        List<Device> devices = new ArrayList<>();
        int room = 0;
        long filled = 0;
        for (Layer layer : layers) {
            while (room < rooms.size()
                    && filled + layer.bytes() > rooms.get(room).bytes()) {
                room++;
                filled = 0;
            }
            if (room == rooms.size()) {
                throw tooLittle(layers, rooms, layer);
            }
            devices.add(rooms.get(room).device());
            filled += layer.bytes();
        }
        return new Placement(devices);
    }

    /** Of all placements that fit, one in which the fullest device has least; of devices with the same load, the first have more layers. */
    public static Placement balanced(List<Layer> layers, List<Room> rooms) {
        int count = layers.size();
        long[] sums = new long[count + 1];
        for (int i = 0; i < count; i++) {
            sums[i + 1] = sums[i] + layers.get(i).bytes();
        }
        // Of the first layers, up to each one, on the first devices: the load of the fullest, and where the last device
        // starts.
        long[] least = new long[count + 1];
        Arrays.fill(least, 1, count + 1, Long.MAX_VALUE);
        List<int[]> starts = new ArrayList<>();
        for (Room room : rooms) {
            int[] start = new int[count + 1];
            least = oneMore(least, sums, room.bytes(), start);
            starts.add(start);
        }
        if (least[count] == Long.MAX_VALUE) {
            throw tooLittle(layers, rooms, largest(layers));
        }
        Device[] devices = new Device[count];
        int end = count;
        for (int i = rooms.size() - 1; i >= 0; i--) {
            int from = starts.get(i)[end];
            Arrays.fill(devices, from, end, rooms.get(i).device());
            end = from;
        }
        return new Placement(Arrays.asList(devices));
    }

    private static long[] oneMore(long[] fewer, long[] sums, long room, int[] start) {
        long[] least = new long[fewer.length];
        Arrays.fill(least, Long.MAX_VALUE);
        for (int to = 0; to < fewer.length; to++) {
            for (int from = 0; from <= to; from++) {
                long own = sums[to] - sums[from];
                long load = Math.max(fewer[from], own);
                if (own <= room && (load < least[to] || (load == least[to] && load < Long.MAX_VALUE))) {
                    least[to] = load;
                    start[to] = from;
                }
            }
        }
        return least;
    }

    private static Layer largest(List<Layer> layers) {
        Layer largest = layers.get(0);
        for (Layer layer : layers) {
            largest = layer.bytes() > largest.bytes() ? layer : largest;
        }
        return largest;
    }

    private static UserError tooLittle(List<Layer> layers, List<Room> rooms, Layer layer) {
        long needed = layers.stream().mapToLong(Layer::bytes).sum();
        long had = rooms.stream().mapToLong(Room::bytes).sum();
        List<String> each = rooms.stream()
                .map(room -> room.device() + " has " + mib(room.bytes()))
                .toList();
        return new UserError(
                "Cannot place the model",
                "its " + layers.size() + " layers need " + mib(needed) + " with what is trained, " + layer.name()
                        + " alone " + mib(layer.bytes()) + "; " + String.join(", ", each) + ", together " + mib(had),
                "Raise max_memory, train fewer weights, or use more ranks (parallel pp, deepspeed zero3).");
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
    }

    /** Whether one device has everything. */
    public boolean together() {
        return devices.stream().distinct().count() == 1;
    }

    /** What each device gets of {@code layers}, e.g. {@code cuda:0 model.embed_tokens to model.layers.11 (812.5 MiB), cuda:1 ...}. */
    public String describe(List<Layer> layers) {
        List<String> runs = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= layers.size(); to++) {
            if (to == layers.size() || !devices.get(to).equals(devices.get(from))) {
                long bytes = layers.subList(from, to).stream()
                        .mapToLong(Layer::bytes)
                        .sum();
                String last = to - from > 1 ? " to " + layers.get(to - 1).name() : "";
                runs.add(devices.get(from) + " " + layers.get(from).name() + last + " (" + mib(bytes) + ")");
                from = to;
            }
        }
        return String.join(", ", runs);
    }
}
