package io.apus.tensor.collective;

import io.apus.schemas.World;
import io.apus.tensor.Device;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The group of all ranks, which is the first, and those made of some of them; they meet at one place and end together. */
record GlooGroups(
        MeetingPlace place,
        Duration rendezvous,
        Duration timeout,
        Device device,
        Traffic traffic,
        Deque<GlooGroup> newestFirst) {
    static GlooGroups at(World world, Device device, Duration rendezvous, Duration timeout) {
        MeetingPlace place = new MeetingPlace(world, rendezvous);
        return new GlooGroups(place, rendezvous, timeout, device, new Traffic(), new ArrayDeque<>());
    }

    GlooGroup meet(String name, World part) {
        GlooGroup group = new GlooGroup(place, name, part, rendezvous, timeout, device);
        newestFirst.push(group);
        return group;
    }

    /** Ends all groups when {@code group} is that of all ranks, else nothing. */
    void close(GlooGroup group) {
        if (group.equals(newestFirst.peekLast())) {
            newestFirst.forEach(GlooGroup::close);
            newestFirst.clear();
            place.close();
        }
    }
}
