package io.apus.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.model.tuner.Adapters;
import io.apus.tensor.SafeTensorsFile;
import io.apus.tensor.Scope;
import io.apus.testkit.SharedReference;
import java.nio.file.Path;

/** The files that PEFT wrote for the recorded adapters, and their base. */
final class GoldenFiles {
    private GoldenFiles() {}

    static DecoderModel base() {
        return DecoderModel.load(SharedReference.path("golden/models/qwen2"));
    }

    /** Saving what was read of the adapter {@code name} into {@code folder} must give PEFT's own files again. */
    static void rewritten(String name, Path folder) {
        try (Scope scope = Scope.open();
                Golden golden = Golden.open("peft/" + name, "models/qwen2");
                DecoderModel model = base()) {
            Adapters.load(model, golden.folder(), true).save(model, folder, "../models/qwen2");
            try (SafeTensorsFile ours = SafeTensorsFile.open(folder.resolve("adapter_model.safetensors"));
                    SafeTensorsFile theirs =
                            SafeTensorsFile.open(golden.folder().resolve("adapter_model.safetensors"))) {
                assertThat(ours.names()).containsExactlyInAnyOrderElementsOf(theirs.names());
                ours.names().forEach(key -> assertThat(ours.tensor(key).equal(theirs.tensor(key)))
                        .as(key)
                        .isTrue());
            }
            assertThat(AdapterConfigs.comparable(folder)).isEqualTo(AdapterConfigs.comparable(golden.folder()));
        }
    }
}
