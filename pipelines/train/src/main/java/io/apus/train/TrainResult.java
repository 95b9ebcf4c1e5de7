package io.apus.train;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a training run came to; every rank returns the same, but for its {@code phases}.
 *
 * @param steps steps done, those before an interruption included
 * @param resumedFrom step that this process began at; 0 for a new run
 * @param skippedSteps steps whose gradients were not finite and were dropped
 * @param trainLoss mean loss of all steps
 * @param finalLoss loss of the last step; NaN when this process made none
 * @param evalLoss loss of the last evaluation; NaN without one
 * @param evalTokenAccuracy token accuracy of the last evaluation; NaN without one
 * @param tokens tokens trained on, those before an interruption included
 * @param seconds duration of all steps, those before an interruption included
 * @param tokensPerSecond tokens a second of step time, in this process
 * @param dataWaitShare largest share of step time, over the ranks, that one waited for rows, in this process
 * @param machineFlops float32 matrix-product rate of rank 0 when nothing else ran, in operations a second
 * @param machineShare model operations a second of step time over ranks times {@code machineFlops}; recomputed activations do not count
 * @param trainedParameters parameters that were trained
 * @param parameters all parameters of the model, those of the tuner included
 * @param ranks how many ranks took part at the end
 * @param buckets gradient reductions of one step
 * @param earlyBuckets mean number of them that were over when the backward pass of rank 0 ended; 0 for one rank, which reduces nothing
 * @param sentBytes bytes of tensors that the rank which sends most sends to others in a step, evaluations and checkpoints included, in this process
 * @param peakRssBytes most memory that each rank ever held, by rank
 * @param phases seconds of this rank until its first step was done, by what it did: start (of its process, until training was asked for),
 *     load (model and rows), meet (the other ranks), share (out the model), restore (the checkpoint or the start), measure (the machine's
 *     rate), first_step
 * @param modelFolder the trained model, if the run was not stopped
 * @param stopped whether it was asked to end before its last step; a checkpoint of {@code steps} is there, the model is not
 */
public record TrainResult(
        int steps,
        int resumedFrom,
        int skippedSteps,
        double trainLoss,
        double finalLoss,
        double evalLoss,
        double evalTokenAccuracy,
        long tokens,
        double seconds,
        double tokensPerSecond,
        double dataWaitShare,
        double machineFlops,
        double machineShare,
        long trainedParameters,
        long parameters,
        int ranks,
        int buckets,
        double earlyBuckets,
        double sentBytes,
        List<Long> peakRssBytes,
        Map<String, Double> phases,
        String modelFolder,
        boolean stopped)
        implements Serializable {
    public TrainResult {
        peakRssBytes = List.copyOf(peakRssBytes);
        phases = Collections.unmodifiableMap(new LinkedHashMap<>(phases));
    }
}
