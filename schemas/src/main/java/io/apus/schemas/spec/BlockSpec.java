package io.apus.schemas.spec;

import static io.apus.schemas.spec.Problems.orElse;
import static io.apus.schemas.spec.Problems.orEmpty;

import java.util.List;

/** Options of tuners that change whole layers: bottleneck adapters, LLaMA-Pro and ReFT. */
@Group
public record BlockSpec(
        @Doc("activation inside a bottleneck adapter") String adapterAct,
        @Doc("width of a bottleneck adapter") Integer adapterLength,
        @Doc("layers that LLaMA-Pro adds") Integer llamaproNumNewBlocks,
        @Doc("places where LLaMA-Pro adds them, evenly spread; as many as new layers when not given")
                Integer llamaproNumGroups,
        @Doc("rank of ReFT's interventions") Integer reftRank,
        @Doc("numbers of the layers that ReFT intervenes after; all when empty") List<Double> reftLayers,
        @Doc("LoreftIntervention, NoreftIntervention, ConsreftIntervention, LobireftIntervention, DireftIntervention"
                        + " or NodireftIntervention")
                String reftInterventionType) {
    public BlockSpec {
        adapterAct = orElse(adapterAct, "gelu");
        adapterLength = orElse(adapterLength, 128);
        llamaproNumNewBlocks = orElse(llamaproNumNewBlocks, 4);
        reftRank = orElse(reftRank, 4);
        reftLayers = orEmpty(reftLayers);
        reftInterventionType = orElse(reftInterventionType, "LoreftIntervention");
        int groups = orElse(llamaproNumGroups, llamaproNumNewBlocks);
        new Problems("tuner")
                .positive("adapter_length", adapterLength)
                .positive("llamapro_num_new_blocks", llamaproNumNewBlocks)
                .positive("llamapro_num_groups", groups)
                .require(
                        groups <= 0 || llamaproNumNewBlocks % groups == 0,
                        "llamapro_num_groups",
                        groups + " does not divide llamapro_num_new_blocks " + llamaproNumNewBlocks)
                .positive("reft_rank", reftRank)
                .require(
                        reftLayers.stream().allMatch(layer -> layer >= 0 && layer == Math.rint(layer)),
                        "reft_layers",
                        "must be whole numbers from 0, are " + reftLayers)
                .throwIfAny();
    }

    static BlockSpec defaults() {
        return new BlockSpec(null, null, null, null, null, null, null);
    }
}
