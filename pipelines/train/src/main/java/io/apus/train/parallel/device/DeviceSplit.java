package io.apus.train.parallel.device;

import io.apus.model.DecoderModel;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Parameter;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.PlacementSpec;
import io.apus.schemas.spec.TrainSpec;
import io.apus.tensor.DType;
import io.apus.tensor.Device;
import io.apus.train.optimize.Optimisers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Spreads the layers of one rank's model over several devices: each layer's weights, gradients and optimiser states lie together, states move
 * where the next layer is elsewhere.
 *
 * <p>Tokens enter where the embedding is, and the first block is with it. A head that shares the embedding's weight is on its device too, where the
 * states return to, as accelerate has it.
 */
public final class DeviceSplit {
    private DeviceSplit() {}

    /** A device that decides in which types is computed: a GPU where one will be used, {@code usual} where nothing is said about devices. */
    public static Device first(PlacementSpec spec, Device usual) {
        if (!spec.given()) {
            return usual;
        }
        if (!spec.strategy().isEmpty()) {
            return Rooms.of(spec).get(0).device();
        }
        return spec.deviceMap().values().stream()
                .map(DeviceMap::device)
                .filter(Device::isCuda)
                .findFirst()
                .map(Device::require)
                .orElse(usual);
    }

    /**
     * Moves the parts of {@code model}, whose tuner is attached, to where {@code spec} wants them; those that are not read yet will be read there.
     *
     * @return what went where, one line
     * @throws UserError where they do not fit, with the arithmetic
     */
    public static String apply(DecoderModel model, TrainSpec spec) {
        PlacementSpec wanted = spec.sharing().placement();
        List<Layer> layers = layers(model, spec);
        Placement placement = placement(model.config().described(), layers, wanted);
        placement.devices().stream().distinct().forEach(Device::require);
        requireAlike(placement, model, spec);
        model.place(placement.devices().get(0), model.precision());
        List<List<Parameter>> parts = model.parts();
        for (int part = 0; part < parts.size(); part++) {
            Device device = placement.devices().get(part);
            parts.get(part).forEach(parameter -> parameter.move(device, parameter.dtype()));
        }
        model.replaceBlocks(bordered(model.blocks(), placement.devices()));
        return placement.describe(layers);
    }

    private static void requireAlike(Placement placement, DecoderModel model, TrainSpec spec) {
        long kinds = placement.devices().stream().map(Device::kind).distinct().count();
        if (kinds > 1 && model.precision().products() != DType.F32) {
            throw new UserError(
                    "Cannot follow device_map",
                    "it has layers on the CPU and on a GPU, and products in bfloat16",
                    "Leave the CPU out, or give torch_dtype float32.");
        }
        if (spec.worldSize() > 1 && placement.devices().stream().anyMatch(Device::isCuda)) {
            throw new UserError(
                    "Cannot follow device_map",
                    "each of " + spec.worldSize() + " ranks would take the same GPUs",
                    "Give world_size 1, or leave device_map out: each rank gets a GPU of its own.");
        }
    }

    private static List<DecoderBlock> bordered(List<DecoderBlock> blocks, List<Device> devices) {
        List<DecoderBlock> bordered = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            Device next = devices.get(i + 2);
            bordered.add(
                    devices.get(i + 1).equals(next)
                            ? blocks.get(i)
                            : blocks.get(i).with(new Border(next)));
        }
        return bordered;
    }

    private static Placement placement(Decoder described, List<Layer> layers, PlacementSpec wanted) {
        if (!wanted.strategy().isEmpty()) {
            boolean tied = described.head().tied();
            List<Layer> units = units(layers, tied);
            List<Room> rooms = Rooms.of(wanted);
            Placement chosen = wanted.strategy().equals("sequential")
                    ? Placement.sequential(units, rooms)
                    : Placement.balanced(units, rooms);
            return spread(chosen, tied);
        }
        Placement named = new DeviceMap(wanted.deviceMap()).resolve(names(described));
        List<Device> devices = named.devices();
        if (!devices.get(0).equals(devices.get(1))) {
            throw new UserError(
                    "Cannot follow device_map",
                    layers.get(0).name() + " is on " + devices.get(0) + " and "
                            + layers.get(1).name() + " on " + devices.get(1),
                    "Put the embedding on the device of the first layer.");
        }
        return named;
    }

    /** The parts as they are placed: the first block with the embedding, and with a head that shares its weight. */
    static List<Layer> units(List<Layer> layers, boolean tied) {
        int end = tied ? layers.size() - 1 : layers.size();
        long together = layers.get(0).bytes()
                + layers.get(1).bytes()
                + (tied ? layers.get(end).bytes() : 0);
        List<Layer> units =
                new ArrayList<>(List.of(new Layer(layers.get(0).name() + " with the first layer", together)));
        units.addAll(layers.subList(2, end));
        return units;
    }

    /** A placement of {@link #units} as one of the parts. */
    static Placement spread(Placement units, boolean tied) {
        List<Device> devices = new ArrayList<>(List.of(units.devices().get(0)));
        devices.addAll(units.devices());
        if (tied) {
            devices.add(devices.get(0));
        }
        return new Placement(devices);
    }

    /** The names of each part's parameters, before anything is attached. */
    private static List<List<String>> names(Decoder described) {
        return described.parts().stream()
                .map(part -> part.stream().map(Parameter::name).toList())
                .toList();
    }

    /** A tied head's weight counts with the embedding alone. */
    private static List<Layer> layers(DecoderModel model, TrainSpec spec) {
        List<List<Parameter>> parts = model.parts();
        List<List<String>> names = names(model.config().described());
        List<Layer> layers = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            Parameter shared = part > 0 && model.head().tied() ? model.head().weight() : null;
            List<Parameter> own = parts.get(part).stream()
                    .filter(parameter -> parameter != shared)
                    .toList();
            boolean last = part == parts.size() - 1;
            layers.add(new Layer(
                    last ? "the final norm and the head" : DeviceMap.name(names.get(part)), bytes(own, spec)));
        }
        return layers;
    }

    private static long bytes(List<Parameter> parameters, TrainSpec spec) {
        Map<String, long[]> trained = new TreeMap<>();
        long bytes = 0;
        for (Parameter parameter : parameters) {
            bytes += parameter.bytes();
            if (parameter.trainable()) {
                bytes += parameter.bytes();
                trained.put(parameter.name(), parameter.shape());
            }
        }
        boolean galore = spec.galore().useGalore();
        return bytes + (galore || trained.isEmpty() ? 0 : Optimisers.stateBytes(trained, spec));
    }
}
