package io.apus.train;

/**
 * Numbers of a whole model, whatever of it a rank has.
 *
 * @param count numbers that it consists of
 * @param trained those that are trained
 * @param operationsPerToken of training, see {@link OperationCount}
 * @param placement what lies on which device of a rank; empty where one has all
 */
record ModelFacts(long count, long trained, double operationsPerToken, String placement) {
    static ModelFacts of(TrainedModel model, TrainingData data, String placement) {
        return new ModelFacts(
                model.count(), model.trainedCount(), OperationCount.perToken(model.model(), data.rows()), placement);
    }
}
