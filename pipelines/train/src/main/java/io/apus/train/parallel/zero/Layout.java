package io.apus.train.parallel.zero;

import io.apus.model.layer.Parameter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where some parameters lie in a flat buffer that is cut into equal parts, one for each rank.
 *
 * @param places in no order
 * @param part elements of a rank's part; what no parameter covers is never used
 */
record Layout(List<Place> places, long part, int ranks) {
    /** {@code at} is where the parameter's first element lies. */
    record Place(Parameter parameter, long at) {}

    /**
     * What a part has of a parameter.
     *
     * @param from first element of the parameter, in row-major order
     * @param to the one after the last
     * @param at where the first one lies within the part
     */
    record Slice(Parameter parameter, long from, long to, long at) {
        boolean whole() {
            return to - from == parameter.count();
        }
    }

    /** One parameter behind the other, cut wherever a part ends. */
    static Layout split(List<Parameter> parameters, int ranks) {
        List<Place> places = new ArrayList<>();
        long at = 0;
        for (Parameter parameter : parameters) {
            places.add(new Place(parameter, at));
            at += parameter.count();
        }
        return new Layout(places, (at + ranks - 1) / ranks, ranks);
    }

    /** Every parameter within one part: the largest first, each to the rank that has least. */
    static Layout whole(List<Parameter> parameters, int ranks) {
        List<Parameter> largestFirst = new ArrayList<>(parameters);
        largestFirst.sort(Comparator.comparingLong(Parameter::count).reversed().thenComparing(Parameter::name));
        long[] filled = new long[ranks];
        int[] rankOf = new int[largestFirst.size()];
        long[] inside = new long[largestFirst.size()];
        for (int i = 0; i < rankOf.length; i++) {
            rankOf[i] = least(filled);
            inside[i] = filled[rankOf[i]];
            filled[rankOf[i]] += largestFirst.get(i).count();
        }
        long part = 0;
        for (long one : filled) {
            part = Math.max(part, one);
        }
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < rankOf.length; i++) {
            places.add(new Place(largestFirst.get(i), rankOf[i] * part + inside[i]));
        }
        return new Layout(places, part, ranks);
    }

    private static int least(long[] filled) {
        int least = 0;
        for (int rank = 1; rank < filled.length; rank++) {
            least = filled[rank] < filled[least] ? rank : least;
        }
        return least;
    }

    long size() {
        return part * ranks;
    }

    /** What the part of {@code rank} has of the parameters that it has anything of. */
    List<Slice> slices(int rank) {
        List<Slice> slices = new ArrayList<>();
        for (Place place : places) {
            long from = Math.max(0, rank * part - place.at);
            long to = Math.min(place.parameter.count(), (rank + 1) * part - place.at);
            if (from < to) {
                slices.add(new Slice(place.parameter, from, to, place.at + from - rank * part));
            }
        }
        return slices;
    }
}
