// Random numbers of a fixed seed, so that a failure repeats.
#pragma once

#include <cstdint>
#include <random>

namespace pillarbox::store {

class RandomNumbers {
public:
    explicit RandomNumbers(std::uint32_t seed) : engine_(seed) {}
    std::uint32_t operator()() { return static_cast<std::uint32_t>(engine_()); }

private:
    std::mt19937 engine_;
};

} // namespace pillarbox::store
