// What a server costs: CPU time and memory of a process tree, from /proc (proc(5)).
#pragma once

#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace pillarbox::bench {

/// Of the given processes and all that descend from them.
struct Usage {
    double cpu_ms = 0;  // user + system, of the dead and awaited children too; in steps of a clock tick (10 ms)
    double rss_mib = 0; // pages shared by several processes count in each
    double pss_mib = 0; // shared pages counted once
    int processes = 0;
};

namespace detail {
struct Stat {
    int parent = 0;
    double ticks = 0;
};

inline bool read_stat(int pid, Stat& stat) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    if (!std::getline(file, text)) return false;
    // The second field, the program's name in brackets, may hold spaces.
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    fields >> skipped >> stat.parent;
    for (int field = 5; field <= 13; ++field) fields >> skipped;
    for (int field = 14; field <= 17; ++field) { // utime stime cutime cstime
        double ticks = 0;
        fields >> ticks;
        stat.ticks += ticks;
    }
    return true;
}

/// A "Key:   123 kB" line of a /proc file, in MiB; 0 when the process has gone.
inline double mib_of(int pid, const char* name, const std::string& key) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
    for (std::string line; std::getline(file, line);) {
        if (line.rfind(key, 0) == 0) return std::strtod(line.c_str() + key.size(), nullptr) / 1024;
    }
    return 0;
}
} // namespace detail

/// @param roots      process ids; none gives zeros
/// @param with_memory reading the memory of thousands of processes takes a while
inline Usage usage_of(const std::vector<int>& roots, bool with_memory = false) {
    std::map<int, detail::Stat> all;
    DIR* proc = opendir("/proc");
    while (const dirent* found = readdir(proc)) {
        const int pid = std::atoi(found->d_name);
        detail::Stat stat;
        if (pid > 0 && detail::read_stat(pid, stat)) all[pid] = stat;
    }
    closedir(proc);

    std::set<int> ours;
    for (const int root : roots) {
        if (all.count(root) != 0) ours.insert(root);
    }
    for (bool grew = true; grew;) {
        grew = false;
        for (const auto& [pid, stat] : all) {
            if (ours.count(stat.parent) != 0 && ours.insert(pid).second) grew = true;
        }
    }
    Usage usage;
    for (const int pid : ours) {
        usage.cpu_ms += all[pid].ticks * 1000 / static_cast<double>(sysconf(_SC_CLK_TCK));
        ++usage.processes;
        if (!with_memory) continue;
        usage.rss_mib += detail::mib_of(pid, "status", "VmRSS:");
        usage.pss_mib += detail::mib_of(pid, "smaps_rollup", "Pss:");
    }
    return usage;
}

} // namespace pillarbox::bench
