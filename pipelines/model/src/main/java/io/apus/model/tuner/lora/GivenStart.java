package io.apus.model.tuner.lora;

import java.util.Map;
import org.bytedeco.pytorch.GeneratorOptional;

/** Factors that are known already, by module. */
record GivenStart(Map<String, LoraStart.Values> values) implements LoraStart {
    @Override
    public Values of(Place place, GeneratorOptional generator) {
        return values.get(place.module());
    }

    @Override
    public boolean changesBase() {
        return false;
    }
}
