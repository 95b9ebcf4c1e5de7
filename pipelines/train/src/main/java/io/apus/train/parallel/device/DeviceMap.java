package io.apus.train.parallel.device;

import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import io.apus.tensor.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** A placement that names the device of each module: a module stands for all that it consists of, the longest name counts. */
final class DeviceMap {
    private final Map<String, String> map;

    DeviceMap(Map<String, String> map) {
        this.map = map;
    }

    /**
     * The placement of the parts of a model.
     *
     * @param parts the names of each part's parameters, in the order of use
     * @throws UserError with everything that the map leaves open or tears apart
     */
    Placement resolve(List<List<String>> parts) {
        List<String> problems = new ArrayList<>();
        List<Device> devices = new ArrayList<>();
        for (List<String> part : parts) {
            TreeSet<String> used = new TreeSet<>();
            for (String parameter : part) {
                Optional<String> key = key(parameter);
                key.ifPresent(known -> used.add(device(map.get(known)).toString()));
                if (key.isEmpty()) {
                    problems.add(parameter + " has no device");
                }
            }
            if (used.size() > 1) {
                problems.add(name(part) + " is computed in one piece and cannot be on " + String.join(" and ", used));
            }
            devices.add(used.isEmpty() ? Device.CPU : Device.parse(used.first()));
        }
        unknown(parts, problems);
        if (!problems.isEmpty()) {
            throw new UserError("Cannot follow device_map", String.join("; ", problems), "");
        }
        return new Placement(devices);
    }

    private void unknown(List<List<String>> parts, List<String> problems) {
        List<String> parameters = parts.stream().flatMap(List::stream).toList();
        for (String key : map.keySet()) {
            if (parameters.stream().noneMatch(parameter -> covers(key, parameter))) {
                problems.add("there is no module " + key + "; did you mean \"" + Registry.nearest(key, modules(parts))
                        + "\"?");
            }
        }
    }

    private static List<String> modules(List<List<String>> parts) {
        return parts.stream().map(DeviceMap::name).toList();
    }

    private Optional<String> key(String parameter) {
        return map.keySet().stream().filter(key -> covers(key, parameter)).max(Comparator.comparingInt(String::length));
    }

    private static boolean covers(String module, String parameter) {
        return module.isEmpty() || parameter.equals(module) || parameter.startsWith(module + ".");
    }

    /** {@code cpu}, {@code cuda:1} or, as accelerate has it, {@code 1}. */
    static Device device(String name) {
        return Device.parse(name.matches("\\d+") ? "cuda:" + name : name);
    }

    /** The innermost module that all of {@code parameters} are in, or the first one's. */
    static String name(List<String> parameters) {
        String common = module(parameters.get(0));
        String module = common;
        while (!module.isEmpty()) {
            String tried = module;
            if (parameters.stream().allMatch(parameter -> covers(tried, parameter))) {
                return module;
            }
            module = module(module);
        }
        return common;
    }

    private static String module(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }
}
