// All settings of a site, as the rest of the appliance reads them. What each means is said in keys.cpp.
#pragma once

#include "appliance/runtime/cleartext.h"
#include "appliance/runtime/log.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pillarbox::appliance {

/// Numeric ADDRESS:PORT each; none: the listener is off.
using Listen = std::vector<std::string>;

using runtime::Cleartext;

/// Whom the process becomes after it has bound its ports: a name of /etc/passwd, or numbers.
struct User {
    std::string name; // "" when the numbers count, or nobody is named
    bool numeric = false;
    std::uint32_t uid = 0, gid = 0;
};

struct Settings {
    struct {
        std::string domain, hostname; // lower case; domain "": that of the mailstore
    } site;
    struct {
        Listen listen, submission, submissions;
        std::uint64_t max_size = 0; // octets of a message
        std::uint32_t max_recipients = 0, max_sessions = 0;
    } smtp;
    struct {
        Listen listen, listen_tls;
        std::uint32_t max_sessions = 0;
        std::uint32_t idle_before_login = 0, idle_after_login = 0; // seconds; 0 after log-in: never
    } imap;
    struct {
        Listen listen;
    } web;
    struct {
        std::uint32_t workers = 0;
    } spool;
    struct {
        std::uint32_t undelete_days = 0;
        std::uint64_t floor = 0; // octets; 0: by the size of the disk
    } store;
    struct {
        std::uint64_t quota = 0, messages = 0; // octets, count; 0: no limit
    } enroll;
    struct {
        Cleartext cleartext = Cleartext::never;
    } auth;
    struct {
        std::string certificate, key; // files; relative to the data folder
    } tls;
    struct {
        std::uint32_t loops = 0, readers = 0; // 0: by the number of cores
        User user;
    } server;
    runtime::LogSettings log; // file: relative to the data folder
};

} // namespace pillarbox::appliance
