package io.apus.model;

import io.apus.model.family.WeightMap;
import io.apus.model.layer.Attention;
import io.apus.model.layer.DecoderBlock;
import io.apus.model.layer.Embedding;
import io.apus.model.layer.Linear;
import io.apus.model.layer.OutputHead;
import io.apus.model.layer.Parameter;
import io.apus.model.layer.ProjectionSlot;
import io.apus.model.layer.RmsNorm;
import io.apus.model.layer.SwiGlu;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Puts named parameters together to the parts of a decoder. */
record BlockAssembly(ModelConfig config, Map<String, Parameter> parameters) {
    Embedding embedding() {
        return new Embedding(weight(names().embedding()), config.padTokenId());
    }

    RmsNorm finalNorm() {
        return norm(names().finalNorm());
    }

    OutputHead head(Parameter embedding) {
        String name = names().head();
        return new OutputHead(name, embedding, parameters.get(name + ".weight"));
    }

    List<DecoderBlock> blocks() {
        return IntStream.range(0, config.numHiddenLayers())
                .mapToObj(this::block)
                .toList();
    }

    private DecoderBlock block(int layer) {
        WeightMap names = names();
        boolean normed = config.family().queryKeyNorm();
        Attention attention = new Attention(
                layer,
                config.headDim(),
                config.slidingWindow(layer),
                slot(layer, names.query()),
                slot(layer, names.key()),
                slot(layer, names.value()),
                slot(layer, names.output()),
                normed ? Optional.of(norm(names.inLayer(layer, names.queryNorm()))) : Optional.empty(),
                normed ? Optional.of(norm(names.inLayer(layer, names.keyNorm()))) : Optional.empty());
        SwiGlu mlp = new SwiGlu(slot(layer, names.gate()), slot(layer, names.up()), slot(layer, names.down()));
        return new DecoderBlock(
                norm(names.inLayer(layer, names.attentionNorm())),
                attention,
                norm(names.inLayer(layer, names.mlpNorm())),
                mlp);
    }

    private WeightMap names() {
        return config.family().weights();
    }

    private ProjectionSlot slot(int layer, String member) {
        String name = names().inLayer(layer, member);
        return new ProjectionSlot(name, new Linear(weight(name), parameters.get(name + ".bias")));
    }

    private RmsNorm norm(String name) {
        return new RmsNorm(weight(name), config.rmsNormEps());
    }

    private Parameter weight(String name) {
        return parameters.get(name + ".weight");
    }
}
