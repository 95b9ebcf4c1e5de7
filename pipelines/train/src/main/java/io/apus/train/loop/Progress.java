package io.apus.train.loop;

/**
 * Where a run stands when something is logged.
 *
 * @param step steps done
 * @param maxSteps steps of the whole run
 * @param epoch epochs done, with the fraction of the current one
 * @param seconds duration of all steps so far, those before an interruption included
 */
public record Progress(int step, int maxSteps, double epoch, double seconds) {
    public double secondsPerStep() {
        return step == 0 ? 0 : seconds / step;
    }

    public double secondsLeft() {
        return secondsPerStep() * (maxSteps - step);
    }
}
