package io.apus.train.loop;

/**
 * One step.
 *
 * @param step steps done, this one included
 * @param maxSteps steps of the whole run
 * @param loss mean loss of the step's global batch
 * @param gradNorm Euclidean norm of the gradients before clipping
 * @param learningRate rate that it trained with
 * @param tokens tokens of its global batch
 * @param seconds wall-clock duration
 * @param dataWait seconds of it that this rank waited for rows
 * @param skipped whether its gradients were dropped because their norm was not finite
 */
public record StepReport(
        int step,
        int maxSteps,
        double loss,
        double gradNorm,
        double learningRate,
        long tokens,
        double seconds,
        double dataWait,
        boolean skipped) {
    public double tokensPerSecond() {
        return tokens / Math.max(seconds, 1e-9);
    }
}
