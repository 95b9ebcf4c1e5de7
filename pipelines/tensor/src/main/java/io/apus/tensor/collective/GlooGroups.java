package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.Device;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The group of all ranks, which is the first, and those made of some of them; they meet at one place and end together.
 *
 * @param ncclStore null where the ranks compute on CPUs
 */
record GlooGroups(
        MeetingPlace place,
        Duration rendezvous,
        Duration timeout,
        NativeStore ncclStore,
        Traffic traffic,
        Deque<GlooGroup> newestFirst) {
    static GlooGroups at(World world, Device device, Duration rendezvous, Duration timeout) {
        MeetingPlace place = new MeetingPlace(world, rendezvous);
        NativeStore ncclStore = device.isCuda() ? new NativeStore(place, world, rendezvous) : null;
        return new GlooGroups(place, rendezvous, timeout, ncclStore, new Traffic(), new ArrayDeque<>());
    }

    GlooGroup meet(String name, World part) {
        GlooGroup group = new GlooGroup(place, name, part, rendezvous, timeout, ncclStore);
        newestFirst.push(group);
        return group;
    }

    /** Ends all groups when {@code group} is that of all ranks, else nothing. */
    void close(GlooGroup group) {
        if (group.equals(newestFirst.peekLast())) {
            newestFirst.forEach(GlooGroup::close);
            newestFirst.clear();
            if (ncclStore != null) {
                ncclStore.close();
            }
            place.close();
        }
    }
}
