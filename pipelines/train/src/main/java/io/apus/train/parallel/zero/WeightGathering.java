package io.apus.train.parallel.zero;

import io.apus.model.layer.Parameter;
import io.apus.tensor.collective.Pending;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Puts the weights of a part of the model together before it is used, while the part before it is computed, and gives them up after (ZeRO-3). */
final class WeightGathering {
    private final List<List<Parameter>> parts;
    private final List<Set<Unit>> unitsOf = new ArrayList<>();
    private final Map<Unit, Pending> gathered = new LinkedHashMap<>();

    WeightGathering(List<List<Parameter>> parts, List<Unit> units) {
        this.parts = parts;
        Map<Parameter, Unit> unitOf = new HashMap<>();
        units.forEach(unit -> unit.parameters().forEach(parameter -> unitOf.put(parameter, unit)));
        for (List<Parameter> part : parts) {
            Set<Unit> used = new LinkedHashSet<>();
            part.stream().filter(unitOf::containsKey).map(unitOf::get).forEach(used::add);
            unitsOf.add(used);
        }
    }

    /** Returns when the weights of {@code part} are there; those of the part after it are then on their way. */
    void next(int part, boolean backward) {
        Set<Unit> needed = unitsOf.get(part);
        Set<Unit> following = following(part, backward);
        Set<Unit> both = new LinkedHashSet<>(needed);
        both.addAll(following);
        keepOnly(both);
        begin(needed);
        needed.forEach(unit -> gathered.get(unit).await());
        begin(following);
    }

    private Set<Unit> following(int part, boolean backward) {
        int next = backward ? part - 1 : part + 1;
        return next < parts.size() && (!backward || anyTrained(next)) ? unitsOf.get(next) : Set.of();
    }

    private boolean anyTrained(int last) {
        return last >= 0
                && parts.subList(0, last + 1).stream().flatMap(List::stream).anyMatch(Parameter::trainable);
    }

    private void begin(Collection<Unit> units) {
        for (Unit unit : units) {
            gathered.computeIfAbsent(unit, absent -> once(absent.weights().gather()));
        }
    }

    /** Waits for the first caller alone. */
    private static Pending once(Pending pending) {
        return new Pending() {
            private boolean over;

            @Override
            public boolean done() {
                return over || pending.done();
            }

            @Override
            public void await() {
                if (!over) {
                    pending.await();
                    over = true;
                }
            }
        };
    }

    private void keepOnly(Collection<Unit> needed) {
        Iterator<Map.Entry<Unit, Pending>> all = gathered.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Unit, Pending> one = all.next();
            if (!needed.contains(one.getKey())) {
                one.getValue().await();
                one.getKey().weights().release();
                all.remove();
            }
        }
    }

    /** Gives all up: what was gathered is no longer what the ranks keep. */
    void drop() {
        keepOnly(Set.of());
    }
}
