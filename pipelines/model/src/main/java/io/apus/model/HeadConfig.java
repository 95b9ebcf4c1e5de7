package io.apus.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.model.family.Families;
import io.apus.model.head.LinearHead;
import io.apus.schemas.Registry;
import io.apus.schemas.UserError;
import java.util.List;
import java.util.Set;

/**
 * What config.json says about a model with a scoring head, and the configuration of the decoder below it.
 *
 * @param json the file
 * @param decoder of the causal model of the same family; it shares its output head with the embedding where the file's model has none
 * @param layout the head's names and sizes
 */
record HeadConfig(ObjectNode json, ModelConfig decoder, LinearHead.Layout layout) {
    private static final String CLASSIFIER = "ForSequenceClassification";
    private static final List<String> CAUSAL = List.of("ForCausalLM", "LMHeadModel");
    private static final int DEFAULT_LABELS = 2;

    /** A classifier where the architecture is one, else a causal model with TRL's value head beside its own. */
    static HeadConfig of(ObjectNode json) {
        String architecture = architecture(json);
        if (!architecture.endsWith(CLASSIFIER)) {
            ModelConfig decoder = ModelConfig.of(json);
            return new HeadConfig(json.deepCopy(), decoder, LinearHead.Layout.value(decoder.hiddenSize()));
        }
        ObjectNode causal = json.deepCopy();
        causal.putArray("architectures").add(causal(architecture));
        // A classifier has no output head: none is looked for where it is the embedding's.
        causal.put("tie_word_embeddings", true);
        ModelConfig decoder = ModelConfig.of(causal);
        return new HeadConfig(json.deepCopy(), decoder, LinearHead.Layout.score(labels(json), decoder.hiddenSize()));
    }

    /** The configuration of a classifier on top of a causal model's, with transformers' names for the labels. */
    static HeadConfig classifier(ObjectNode causal, int labels, String problemType) {
        String architecture = architecture(causal);
        ObjectNode json = causal.deepCopy();
        json.putArray("architectures")
                .add(CAUSAL.stream().reduce(architecture, (name, ending) -> name.replace(ending, "")) + CLASSIFIER);
        ObjectNode names = json.putObject("id2label");
        ObjectNode ids = json.putObject("label2id");
        for (int label = 0; label < labels; label++) {
            names.put(String.valueOf(label), "LABEL_" + label);
            ids.put("LABEL_" + label, label);
        }
        json.put("problem_type", problemType);
        return of(json);
    }

    private static String architecture(ObjectNode json) {
        return json.path("architectures").path(0).asText("");
    }

    private static String causal(String architecture) {
        String family = architecture.substring(0, architecture.length() - CLASSIFIER.length());
        Set<String> known = Families.names();
        return CAUSAL.stream()
                .map(family::concat)
                .filter(known::contains)
                .findFirst()
                .orElseThrow(() -> new UserError(
                        "Unknown architecture",
                        "\"" + architecture + "\" is not known",
                        "The nearest family is " + Registry.nearest(family, known) + "."));
    }

    /** transformers leaves id2label out where there are two labels without names of their own. */
    private static int labels(ObjectNode json) {
        JsonNode names = json.path("id2label");
        return names.isObject() && !names.isEmpty()
                ? names.size()
                : Math.max(1, json.path("num_labels").asInt(DEFAULT_LABELS));
    }

    boolean isClassifier() {
        return architecture(json).endsWith(CLASSIFIER);
    }

    /** {@code problem_type}, by default regression for one label and one right label of several. */
    String problemType() {
        String given = json.path("problem_type").asText("null");
        if (!given.equals("null")) {
            return given;
        }
        return layout.width() == 1 ? "regression" : "single_label_classification";
    }
}
