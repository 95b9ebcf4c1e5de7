package io.apus.model.family;

import io.apus.model.layer.Activation;
import io.apus.model.layer.Decoder;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.FeedForward;
import io.apus.model.layer.FusedGatedMlp;
import io.apus.model.layer.GatedMlp;
import io.apus.model.layer.HeadNorms;
import io.apus.model.layer.LayerNorm;
import io.apus.model.layer.Mlp;
import io.apus.model.layer.Norm;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.RmsNorm;
import io.apus.model.layer.Rotary;
import io.apus.model.layer.TokenMixer;
import io.apus.model.layer.expert.ExpertBank;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.ExpertSlot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a family builds its decoder with: the config's fields and sizes, and makers of parts by their names in files. */
public final class Blueprint {
    private static final String QUERY_NORM = "self_attn.q_norm";
    private static final String KEY_NORM = "self_attn.k_norm";

    private final ConfigFields fields;
    private final Dimensions sizes;
    private final Parts parts;

    public Blueprint(ConfigFields fields, Dimensions sizes, Parts parts) {
        this.fields = fields;
        this.sizes = sizes;
        this.parts = parts;
    }

    /** The same for a family whose files hold the weights of linear maps as [in, out] (transformers {@code Conv1D}). */
    Blueprint storedTransposed() {
        return new Blueprint(fields, sizes, new Parts() {
            @Override
            public Parameter parameter(String name, Start start, long... shape) {
                return parts.parameter(name, start, shape);
            }

            @Override
            public Projection linear(String name, long out, long in, boolean bias) {
                return parts.linearStoredTransposed(name, out, in, bias);
            }

            @Override
            public ExpertBank experts(String name, ExpertLayout layout, int count) {
                return parts.experts(name, layout, count);
            }
        });
    }

    ConfigFields fields() {
        return fields;
    }

    Dimensions sizes() {
        return sizes;
    }

    /** Hands out the names of one layer's members: {@code layer.name("mlp.up_proj")} is {@code model.layers.3.mlp.up_proj}. */
    record Layer(int index, String prefix) {
        String name(String member) {
            return prefix + "." + member;
        }
    }

    /** A decoder with Llama's names: model.embed_tokens, model.layers.N, an RMSNorm model.norm, lm_head. */
    Decoder decoder(List<Rotary> rotaries, Function<Layer, DecoderBlock> block) {
        return decoder(rotaries, block, rmsNorm("model.norm"), OutputHead.Shaping.NONE);
    }

    /** Llama's names, with another final norm or shaping of logits. */
    Decoder decoder(
            List<Rotary> rotaries, Function<Layer, DecoderBlock> block, Norm finalNorm, OutputHead.Shaping shaping) {
        return decoder(rotaries, block, finalNorm, shaping, 1);
    }

    /** @param embeddingScale multiplies the rows of tokens */
    Decoder decoder(
            List<Rotary> rotaries,
            Function<Layer, DecoderBlock> block,
            Norm finalNorm,
            OutputHead.Shaping shaping,
            double embeddingScale) {
        Embedding embedding = embedding("model.embed_tokens", embeddingScale);
        return new Decoder(
                embedding, blocks("model.layers", block), finalNorm, head("lm_head", embedding, shaping), rotaries);
    }

    List<DecoderBlock> blocks(String prefix, Function<Layer, DecoderBlock> block) {
        return IntStream.range(0, sizes.numHiddenLayers())
                .mapToObj(index -> block.apply(new Layer(index, prefix + "." + index)))
                .toList();
    }

    /** Llama's block: the RMSNorms input_layernorm and post_attention_layernorm stand before attention and the network. */
    DecoderBlock block(Layer layer, TokenMixer attention, FeedForward network) {
        return DecoderBlock.sequential(
                rmsNorm(layer.name("input_layernorm")),
                attention,
                rmsNorm(layer.name("post_attention_layernorm")),
                network);
    }

    Embedding embedding(String name) {
        return embedding(name, 1);
    }

    /** @param scale multiplies the rows */
    Embedding embedding(String name, double scale) {
        return new Embedding(rows(name), sizes.padTokenId(), scale, Optional.empty(), Optional.empty());
    }

    /** An embedding whose row for the padding token learns like the others. */
    Embedding embeddingWithoutPadding(String name) {
        return new Embedding(rows(name), OptionalInt.empty(), 1, Optional.empty(), Optional.empty());
    }

    private Parameter rows(String name) {
        return parameter(name + ".weight", Start.NORMAL, sizes.vocabSize(), sizes.hiddenSize());
    }

    OutputHead head(String name, Embedding embedding, OutputHead.Shaping shaping) {
        Parameter own = sizes.tieWordEmbeddings() ? null : rows(name);
        return new OutputHead(name, embedding.weight(), own, shaping);
    }

    Parameter parameter(String name, Start start, long... shape) {
        return parts.parameter(name, start, shape);
    }

    /** A parameter that is stored with the weights and never trained. */
    Parameter fixed(String name, long... shape) {
        return parts.parameter(name, Start.ZEROS, shape).fix();
    }

    ProjectionSlot linear(String name, long out, long in, boolean bias) {
        return new ProjectionSlot(name, parts.linear(name, out, in, bias));
    }

    /** The matrices of {@code count} experts in the tensor {@code name}. */
    ExpertSlot experts(String name, ExpertLayout layout, int count) {
        return new ExpertSlot(parts.experts(name, layout, count));
    }

    Norm rmsNorm(String name) {
        return rmsNorm(name, sizes.hiddenSize());
    }

    Norm rmsNorm(String name, long size) {
        return new RmsNorm(parameter(name + ".weight", Start.ONES, size), sizes.normEps(), false);
    }

    /** An RMSNorm whose weight is kept as its difference from 1. */
    Norm rmsNormAroundOne(String name, long size) {
        return new RmsNorm(parameter(name + ".weight", Start.ZEROS, size), sizes.normEps(), true);
    }

    Norm layerNorm(String name, boolean bias) {
        return layerNorm(name, sizes.hiddenSize(), bias);
    }

    Norm layerNorm(String name, long size, boolean bias) {
        return new LayerNorm(
                size,
                Optional.of(parameter(name + ".weight", Start.ONES, size)),
                bias ? Optional.of(parameter(name + ".bias", Start.ZEROS, size)) : Optional.empty(),
                sizes.normEps());
    }

    /** The rotation that config.json describes, in halves. */
    Rotary rotary() {
        return new Rotary(sizes.rope(), false);
    }

    /** The same with neighbours as pairs. */
    Rotary interleavedRotary() {
        return new Rotary(sizes.rope(), true);
    }

    /** The function that config.json names under {@code key}; an unknown one is a problem of the config. */
    Activation activation(String key, String fallback) {
        return fields.collect(() -> Activation.named(fields.text(key, fallback)))
                .orElseGet(() -> Activation.named(fallback));
    }

    /** gate_proj, up_proj and down_proj under {@code module}, with intermediate_size in between. */
    GatedMlp gatedMlp(String module, boolean bias) {
        return gatedMlp(module, sizes.intermediateSize(), bias);
    }

    GatedMlp gatedMlp(String module, long intermediate, boolean bias) {
        return gatedMlp(module, List.of("gate_proj", "up_proj", "down_proj"), intermediate, bias);
    }

    /** @param names of gate, up and down */
    GatedMlp gatedMlp(String module, List<String> names, long intermediate, boolean bias) {
        return gatedMlp(module, names, intermediate, bias, activation("hidden_act", "silu"));
    }

    GatedMlp gatedMlp(String module, List<String> names, long intermediate, boolean bias, Activation activation) {
        long hidden = sizes.hiddenSize();
        return new GatedMlp(
                linear(module + "." + names.get(0), intermediate, hidden, bias),
                linear(module + "." + names.get(1), intermediate, hidden, bias),
                linear(module + "." + names.get(2), hidden, intermediate, bias),
                activation);
    }

    /** @param gateUp name of the linear map whose rows are first the gate's, then up's */
    FusedGatedMlp fusedGatedMlp(String gateUp, String down, boolean bias) {
        long hidden = sizes.hiddenSize();
        long intermediate = sizes.intermediateSize();
        return new FusedGatedMlp(
                linear(gateUp, 2 * intermediate, hidden, bias),
                linear(down, hidden, intermediate, bias),
                activation("hidden_act", "silu"));
    }

    Mlp mlp(String up, String down, boolean bias, Activation activation) {
        long hidden = sizes.hiddenSize();
        long intermediate = sizes.intermediateSize();
        return new Mlp(linear(up, intermediate, hidden, bias), linear(down, hidden, intermediate, bias), activation);
    }

    /** q_norm and k_norm of each head alone, before the rotation. */
    HeadNorms headNorms(Layer layer) {
        return new HeadNorms(
                rmsNorm(layer.name(QUERY_NORM), sizes.headDim()),
                rmsNorm(layer.name(KEY_NORM), sizes.headDim()),
                false,
                false);
    }

    /** q_norm and k_norm over all heads of a token together, before the rotation. */
    HeadNorms rowNorms(Layer layer) {
        return new HeadNorms(
                rmsNorm(layer.name(QUERY_NORM), (long) sizes.numAttentionHeads() * sizes.headDim()),
                rmsNorm(layer.name(KEY_NORM), (long) sizes.numKeyValueHeads() * sizes.headDim()),
                true,
                false);
    }

    /** Self-attention of one layer, to be described further. */
    AttentionPlan attention(Layer layer) {
        return new AttentionPlan(this, layer);
    }

    /** Values by key, for {@link Family#assuming}. */
    static Map<String, Object> values(Object... keysAndValues) {
        return IntStream.range(0, keysAndValues.length / 2)
                .boxed()
                .collect(Collectors.toMap(i -> (String) keysAndValues[2 * i], i -> keysAndValues[2 * i + 1]));
    }
}
