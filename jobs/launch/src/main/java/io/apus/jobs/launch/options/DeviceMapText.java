package io.apus.jobs.launch.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** {@code device_map} is a map, or one word for all of the model: then a map of the module with no name, as accelerate writes it. */
final class DeviceMapText {
    private static final String NAME = "device_map";

    private DeviceMapText() {}

    /** Whether what was given for {@code option} on the command line is such a word. */
    static boolean isWord(Option option, List<String> texts) {
        return option.name().equals(NAME) && texts.size() == 1 && texts.get(0).matches("[\\w:]+");
    }

    static void spread(Settings settings) {
        Option option = OptionCatalog.INSTANCE.named(NAME).orElseThrow();
        JsonNode given = settings.get(option);
        if (given != null && given.isValueNode() && !given.isNull()) {
            settings.put(option, JsonNodeFactory.instance.objectNode().put("", given.asText()));
        }
    }
}
