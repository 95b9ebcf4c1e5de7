package io.apus.jobs.train;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.apus.corpus.vocabulary.ExtendedModel;
import io.apus.model.ModelConfig;
import io.apus.schemas.manifest.RunLayout;
import io.apus.schemas.spec.CreateModelSpec;
import io.apus.schemas.spec.RunSpec;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configuration of the model that a run will train, without its weights. */
final class PlannedModel {
    private PlannedModel() {}

    static ModelConfig of(RunSpec spec, RunLayout layout) {
        if (spec.model().create() == null) {
            Path given = Path.of(spec.model().model());
            ModelConfig config = ModelConfig.read(given);
            return spec.model().newTokens().isEmpty()
                    ? config
                    : config.withVocabulary(
                            ExtendedModel.vocabSize(given, spec.model().newTokens()));
        }
        Path made = layout.createdModel();
        return Files.exists(made.resolve("config.json"))
                ? ModelConfig.read(made)
                : ModelConfig.of(planned(spec.model().create()));
    }

    /** The shape as asked for; the vocabulary may come out smaller when there is little text to learn from. */
    private static ObjectNode planned(CreateModelSpec create) {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("architectures").add(create.architecture());
        return config.put("vocab_size", create.vocabSize())
                .put("hidden_size", create.hiddenSize())
                .put("intermediate_size", create.intermediateSize())
                .put("num_hidden_layers", create.numHiddenLayers())
                .put("num_attention_heads", create.numAttentionHeads())
                .put("num_key_value_heads", create.numKeyValueHeads())
                .put("head_dim", create.headDim())
                .put("max_position_embeddings", create.maxPositionEmbeddings())
                .put("rope_theta", create.ropeTheta())
                .put("tie_word_embeddings", create.tieWordEmbeddings());
    }
}
