// A folder of a test's own, gone with it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

struct Folder {
    Folder() {
        char name[] = "/tmp/pillarbox-test-XXXXXX";
        path = mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    void put(const std::string& name, const std::string& text) const { std::ofstream(path + "/" + name) << text; }
    std::string path;
};
