package io.apus.model.tuner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.quant.Quantisers;
import io.apus.model.tuner.method.AdapterTuner;
import io.apus.schemas.UserError;
import io.apus.schemas.spec.InvalidSpec;
import io.apus.schemas.spec.QuantiseSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the base of an adapter was quantised while the adapter was trained. It stands beside the adapter in ms-swift's args.json, of which
 * the options of quantisation are read and written; an adapter that was trained on the base as it is stored needs none.
 */
public final class BaseQuantisation {
    public static final String FILE = "args.json";

    /** Methods that ms-swift notes for checkpoints that are stored quantised: nothing is to be done on loading. */
    private static final Set<String> STORED = Set.of("gptq", "gptq_v2", "awq", "aqlm");

    private static final String PROBLEM = "Cannot load adapter";
    private static final ObjectMapper JSON = new ObjectMapper();

    private BaseQuantisation() {}

    /** Notes it beside the adapter in {@code folder}, and beside its converted twin where it has one. */
    public static void write(Path folder, QuantiseSpec quantise) {
        if (quantise.quantMethod() == null) {
            return;
        }
        ObjectNode options = JSON.createObjectNode();
        options.put("quant_method", quantise.quantMethod());
        options.put("quant_bits", quantise.quantBits());
        options.put("hqq_axis", quantise.hqqAxis());
        options.put("bnb_4bit_compute_dtype", quantise.bnb4bitComputeDtype());
        options.put("bnb_4bit_quant_type", quantise.bnb4bitQuantType());
        options.put("bnb_4bit_use_double_quant", quantise.bnb4bitUseDoubleQuant());
        try {
            for (Path adapter : List.of(folder, folder.resolve(AdapterTuner.CONVERTED))) {
                if (Files.isDirectory(adapter)) {
                    Files.writeString(adapter.resolve(FILE), options.toPrettyString() + "\n");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + FILE + " in " + folder, e);
        }
    }

    /**
     * What stands beside the adapter in {@code folder}; no quantisation where nothing does.
     *
     * @throws UserError if it cannot be read, or asks for what is not offered
     */
    public static QuantiseSpec read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return QuantiseSpec.none();
        }
        JsonNode options = options(file);
        String method = options.path("quant_method").asText(null);
        if (method == null || STORED.contains(method)) {
            return QuantiseSpec.none();
        }
        if (!Quantisers.names().contains(method)) {
            throw unusable(file, "quant_method \"" + method + "\" is not offered");
        }
        try {
            return spec(method, options);
        } catch (InvalidSpec e) {
            throw unusable(file, String.join("; ", e.problems()));
        }
    }

    /** ms-swift writes every option, those of other methods with their defaults or with what was given in vain. */
    private static QuantiseSpec spec(String method, JsonNode options) {
        Integer bits =
                options.path("quant_bits").isInt() ? options.get("quant_bits").asInt() : null;
        JsonNode axis = options.path("hqq_axis");
        if (!method.equals("bnb") || bits == null || bits != 4) {
            Integer given = method.equals("hqq") && axis.isInt() ? axis.asInt() : null;
            return new QuantiseSpec(method, bits, given, null, null, null, null);
        }
        String compute = options.path("bnb_4bit_compute_dtype").asText(null);
        JsonNode doubled = options.path("bnb_4bit_use_double_quant");
        return new QuantiseSpec(
                method,
                bits,
                null,
                compute,
                options.path("bnb_4bit_quant_type").asText(null),
                doubled.isBoolean() ? doubled.asBoolean() : null,
                null);
    }

    /** What all of {@code adapters} were trained on; empty where they differ. */
    public static Optional<QuantiseSpec> shared(Collection<Path> adapters) {
        Set<QuantiseSpec> all = adapters.stream().map(BaseQuantisation::read).collect(Collectors.toSet());
        return all.size() == 1 ? Optional.of(all.iterator().next()) : Optional.empty();
    }

    private static JsonNode options(Path file) {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UserError(PROBLEM, file + " cannot be read as JSON", "Mend it, or take it away.", e);
        }
    }

    private static UserError unusable(Path file, String cause) {
        return new UserError(
                PROBLEM,
                file + " says how its base was quantised: " + cause,
                "Mend it, or take it away and use the base as it is stored.");
    }
}
