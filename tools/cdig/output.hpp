// Standard output, where every word of cdig's goes that is no complaint about its own command line.
// Above the first message of a lookup stand lines that repeat the command, as soon as the first
// reply (or the lack of any) has something to stand above. Whether what was put arrived is known
// here too: a disk may be full, and whoever reads a pipe may have read enough.
#pragma once

#include <string>

#include "tools/cdig/print.hpp"

namespace cairn::cdig {

class Output {
 public:
  void put(const std::string& text);
  /// What is said beside a reply. A JSON document has no place for it: standard error has.
  void comment(const std::string& text, const Display& display);
  /// errno of the write that failed, 0 when none has: what is put afterwards is lost, so whoever
  /// has much left to say may as well end.
  int trouble() const { return trouble_; }

  /// `wanted`: for what succeeds; above a failure the lines are printed in any case.
  void greet(std::string text, bool wanted) {
    greeting_ = std::move(text);
    wanted_ = wanted;
    printed_ = false;
  }
  void greet_no_more() { greeting_.clear(); }
  /// Each step of a shown search is greeted anew.
  void greet_again() { printed_ = false; }
  /// Once.
  void put_banner() {
    if (wanted_) put_banner_above_failure();
  }
  void put_banner_above_failure();

 private:
  std::string greeting_;
  bool wanted_ = false;
  bool printed_ = false;
  int trouble_ = 0;
};

}  // namespace cairn::cdig
