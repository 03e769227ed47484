#include "smtp/delivery/workers.h"

#include <doctest/doctest.h>

using pillarbox::delivery::backoff_seconds;

TEST_CASE("delivery backoff: doubles from 30 s to an hour and stays there") {
    CHECK(backoff_seconds(0) == 30);
    CHECK(backoff_seconds(1) == 60);
    CHECK(backoff_seconds(6) == 1920);
    CHECK(backoff_seconds(7) == 3600);
    CHECK(backoff_seconds(8) == 3600);
    CHECK(backoff_seconds(0xffffffff) == 3600);
}
