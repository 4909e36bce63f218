// The expected lines are the output of dig 9.18.49 for the same records, which a server of
// prepared octets sent to it.
#include <doctest/doctest.h>

#include <clocale>

#include "tools/cdig/columns.hpp"
#include "tools/cdig/idn.hpp"
#include "tools/cdig/rdata_style.hpp"
#include "wire/octets_text.hpp"
#include "wire/rdata_text.hpp"

using namespace cairn;
using namespace cairn::cdig;

TEST_CASE("records take the shapes that dig gives them on request") {
  struct Case {
    std::string what;
    std::string owner;
    unsigned type;
    std::string rdata;  // hex
    void (*choose)(Display&);
    std::string line;
  };
  const Case cases[] = {
      {"soa +multiline", "x.example.", 6,
       "036e73310178076578616d706c65000561646d696e0178076578616d706c650078c4046500001c2000000e10001"
       "2750000015180",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN SOA ns1.x.example. admin.x.example. (\n"
       "\t\t\t\t2026112101 ; serial\n"
       "\t\t\t\t7200       ; refresh (2 hours)\n"
       "\t\t\t\t3600       ; retry (1 hour)\n"
       "\t\t\t\t1209600    ; expire (2 weeks)\n"
       "\t\t\t\t86400      ; minimum (1 day)\n"
       "\t\t\t\t)\n"},
      {"soa0 +multiline", "x.example.", 6,
       "036e73310178076578616d706c65000561646d696e0178076578616d706c6500000000010000000000000001000"
       "a9a4dffffffff",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN SOA ns1.x.example. admin.x.example. (\n"
       "\t\t\t\t1          ; serial\n"
       "\t\t\t\t0          ; refresh (0 seconds)\n"
       "\t\t\t\t1          ; retry (1 second)\n"
       "\t\t\t\t694861     ; expire (1 week 1 day 1 hour 1 minute 1 second)\n"
       "\t\t\t\t4294967295 ; minimum (7101 weeks 3 days 6 hours 28 minutes 15 seconds)\n"
       "\t\t\t\t)\n"},
      {"soa +multiline +norrcomments", "x.example.", 6,
       "036e73310178076578616d706c65000561646d696e0178076578616d706c650078c4046500001c2000000e10001"
       "2750000015180",
       [](Display& d) {
         d.multiline = true;
         d.rr_comments = false;
       },
       "x.example.\t\t300 IN SOA ns1.x.example. admin.x.example. (\n"
       "\t\t\t\t2026112101\n"
       "\t\t\t\t7200\n"
       "\t\t\t\t3600\n"
       "\t\t\t\t1209600\n"
       "\t\t\t\t86400)\n"},
      {"soa +rrcomments", "x.example.", 6,
       "036e73310178076578616d706c65000561646d696e0178076578616d706c650078c4046500001c2000000e10001"
       "2750000015180",
       [](Display& d) { d.rr_comments = true; },
       "x.example.\t\t300\tIN\tSOA\tns1.x.example. admin.x.example. 2026112101 7200 3600 1209600 "
       "86400\n"},
      {"soa +unknownformat", "x.example.", 6,
       "036e73310178076578616d706c65000561646d696e0178076578616d706c650078c4046500001c2000000e10001"
       "2750000015180",
       [](Display& d) { d.unknown_format = true; },
       "x.example.\t\t300\tCLASS1\tTYPE6\t\\# 52 "
       "036E73310178076578616D706C65000561646D696E0178076578616D "
       "706C650078C4046500001C2000000E100012750000015180\n"},
      {"dnskey +multiline", "x.example.", 48,
       "0101030d0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN DNSKEY 257 3 13 (\n"
       "\t\t\t\tCzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar\n"
       "\t\t\t\t0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJg==\n"
       "\t\t\t\t) ; KSK; alg = ECDSAP256SHA256 ; key id = 54397\n"},
      {"dnskey +multiline +norrcomments", "x.example.", 48,
       "0101030d0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) {
         d.multiline = true;
         d.rr_comments = false;
       },
       "x.example.\t\t300 IN DNSKEY 257 3 13 (\n"
       "\t\t\t\tCzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar\n"
       "\t\t\t\t0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJg== )\n"},
      {"dnskey +nocrypto", "x.example.", 48,
       "0101030d0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) { d.crypto = false; },
       "x.example.\t\t300\tIN\tDNSKEY\t257 3 13 [key id = 54397]\n"},
      {"dnskey +rrcomments", "x.example.", 48,
       "0101030d0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) { d.rr_comments = true; },
       "x.example.\t\t300\tIN\tDNSKEY\t257 3 13 "
       "CzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4 HUJnjLHW+yBFao+02f4jSG2St9wBJg==  "
       "; KSK; alg = ECDSAP256SHA256 ; key id = 54397\n"},
      {"dnskey +multiline +nocrypto", "x.example.", 48,
       "0101030d0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) {
         d.multiline = true;
         d.crypto = false;
       },
       "x.example.\t\t300 IN DNSKEY 257 3 13 (\n"
       "\t\t\t\t[key id = 54397]\n"
       "\t\t\t\t) ; KSK; alg = ECDSAP256SHA256 ; key id = 54397\n"},
      {"dnskey +split=16", "x.example.", 48,
       "0101030d0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) { d.split_width = 16; },
       "x.example.\t\t300\tIN\tDNSKEY\t257 3 13 CzBVep/E6Q4zWH2i x+wRNluApcrvFDle g6jN8hc8YYar0PUa "
       "P2SJrtP4HUJnjLHW +yBFao+02f4jSG2S t9wBJg==\n"},
      {"dnskey +multiline +split=16", "x.example.", 48,
       "0101030d0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) {
         d.multiline = true;
         d.split_width = 16;
       },
       "x.example.\t\t300 IN DNSKEY 257 3 13 (\n"
       "\t\t\t\tCzBVep/E6Q4zWH2i\n"
       "\t\t\t\tx+wRNluApcrvFDle\n"
       "\t\t\t\tg6jN8hc8YYar0PUa\n"
       "\t\t\t\tP2SJrtP4HUJnjLHW\n"
       "\t\t\t\t+yBFao+02f4jSG2S\n"
       "\t\t\t\tt9wBJg==\n"
       "\t\t\t\t) ; KSK; alg = ECDSAP256SHA256 ; key id = 54397\n"},
      {"dnskey +nosplit", "x.example.", 48,
       "0101030d0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) { d.split_width = 0; },
       "x.example.\t\t300\tIN\tDNSKEY\t257 3 13 "
       "CzBVep/"
       "E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJg==\n"},
      {"dnskey +multiline +nosplit", "x.example.", 48,
       "0101030d0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) {
         d.multiline = true;
         d.split_width = 0;
       },
       "x.example.\t\t300 IN DNSKEY 257 3 13 (\n"
       "\t\t\t\tCzBVep/"
       "E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJg==\n"
       "\t\t\t\t) ; KSK; alg = ECDSAP256SHA256 ; key id = 54397\n"},
      {"dnskey-rev +nocrypto +rrcomments", "x.example.", 48,
       "018103080b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc01264b7095badf04294e7398bde2072c51769bc0e50a2f5479"
       "9ec3e80d32577ca1c6eb10355a7fa4c9ee13385d82a7ccf1163b6085aacff4193e6388add2f71c41668bb0d5fa",
       [](Display& d) {
         d.crypto = false;
         d.rr_comments = true;
       },
       "x.example.\t\t300\tIN\tDNSKEY\t385 3 8 [key id = 1556]  ; revoked KSK; alg = RSASHA256 ; "
       "key id = 1556\n"},
      {"dnskey-odd +rrcomments", "x.example.", 48,
       "000003fd03616c67076578616d706c65000b30557a9fc4e90e33587da2c7ec11365b80a5ca",
       [](Display& d) { d.rr_comments = true; },
       "x.example.\t\t300\tIN\tDNSKEY\t0 3 253 A2FsZwdleGFtcGxlAAswVXqfxOkOM1h9osfsETZbgKXK  ; "
       "ZSK; alg = alg.example ; key id = 46038\n"},
      {"dnskey-alg99 +rrcomments", "x.example.", 48,
       "010003630b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) { d.rr_comments = true; },
       "x.example.\t\t300\tIN\tDNSKEY\t256 3 99 "
       "CzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4 HUJnjLHW+yBFao+02f4jSG2St9wBJg==  "
       "; ZSK; alg = 99 ; key id = 54482\n"},
      {"cdnskey-del +multiline", "x.example.", 60, "0000030000",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN CDNSKEY 0 3 0 (\n"
       "\t\t\t\tAA==\n"
       "\t\t\t\t) ; ZSK; alg = 0 ; key id = 768\n"},
      {"key +multiline", "x.example.", 25,
       "020103050b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN KEY 513 3 5 (\n"
       "\t\t\t\tCzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar\n"
       "\t\t\t\t0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJg==\n"
       "\t\t\t\t); alg = RSASHA1 ; key id = 54645\n"},
      {"key +rrcomments", "x.example.", 25,
       "020103050b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) { d.rr_comments = true; },
       "x.example.\t\t300\tIN\tKEY\t513 3 5 "
       "CzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4 HUJnjLHW+yBFao+02f4jSG2St9wBJg== "
       "; alg = RSASHA1 ; key id = 54645\n"},
      {"key +multiline +norrcomments", "x.example.", 25,
       "020103050b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f"
       "81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc0126",
       [](Display& d) {
         d.multiline = true;
         d.rr_comments = false;
       },
       "x.example.\t\t300 IN KEY 513 3 5 (\n"
       "\t\t\t\tCzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar\n"
       "\t\t\t\t0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJg== )\n"},
      {"key-none +multiline", "x.example.", 25, "c0000305", [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN KEY 49152 3 5\n"},
      {"rrsig +multiline", "x.example.", 46,
       "00010d0200000e106553ff106553f10030390178076578616d706c65000b30557a9fc4e90e33587da2c7ec11365"
       "b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc"
       "0126",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN RRSIG A 13 2 3600 (\n"
       "\t\t\t\t20231114231320 20231114221320 12345 x.example.\n"
       "\t\t\t\tCzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar\n"
       "\t\t\t\t0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJg== )\n"},
      {"rrsig +nocrypto", "x.example.", 46,
       "00010d0200000e106553ff106553f10030390178076578616d706c65000b30557a9fc4e90e33587da2c7ec11365"
       "b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc"
       "0126",
       [](Display& d) { d.crypto = false; },
       "x.example.\t\t300\tIN\tRRSIG\tA 13 2 3600 20231114231320 20231114221320 12345 x.example. "
       "[omitted]\n"},
      {"rrsig +multiline +nocrypto", "x.example.", 46,
       "00010d0200000e106553ff106553f10030390178076578616d706c65000b30557a9fc4e90e33587da2c7ec11365"
       "b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc"
       "0126",
       [](Display& d) {
         d.multiline = true;
         d.crypto = false;
       },
       "x.example.\t\t300 IN RRSIG A 13 2 3600 (\n"
       "\t\t\t\t20231114231320 20231114221320 12345 x.example.\n"
       "\t\t\t\t[omitted] )\n"},
      {"sig +multiline", "x.example.", 24,
       "00010d0200000e106553ff106553f10030390178076578616d706c65000b30557a9fc4e90e33587da2c7ec11365"
       "b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc"
       "0126",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN SIG A 13 2 3600 20231114231320 (\n"
       "\t\t\t\t20231114221320 12345 x.example.\n"
       "\t\t\t\tCzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar\n"
       "\t\t\t\t0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJg== )\n"},
      {"sig +nocrypto", "x.example.", 24,
       "00010d0200000e106553ff106553f10030390178076578616d706c65000b30557a9fc4e90e33587da2c7ec11365"
       "b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678cb1d6fb20456a8fb4d9fe23486d92b7dc"
       "0126",
       [](Display& d) { d.crypto = false; },
       "x.example.\t\t300\tIN\tSIG\tA 13 2 3600 20231114231320 20231114221320 12345 x.example. "
       "CzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar0PUaP2SJrtP4 "
       "HUJnjLHW+yBFao+02f4jSG2St9wBJg==\n"},
      {"ds +multiline", "x.example.", 43,
       "30390d020b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN DS 12345 13 2 (\n"
       "\t\t\t\t0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14\n"
       "\t\t\t\t395E83A8CDF2173C6186 )\n"},
      {"ds +nocrypto", "x.example.", 43,
       "30390d020b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186",
       [](Display& d) { d.crypto = false; }, "x.example.\t\t300\tIN\tDS\t12345 13 2 [omitted]\n"},
      {"ds +split=16", "x.example.", 43,
       "30390d020b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186",
       [](Display& d) { d.split_width = 16; },
       "x.example.\t\t300\tIN\tDS\t12345 13 2 0B30557A9FC4E90E 33587DA2C7EC1136 5B80A5CAEF14395E "
       "83A8CDF2173C6186\n"},
      {"cds-del +multiline", "x.example.", 59, "0000000000", [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN CDS 0 0 0 (\n"
       "\t\t\t\t00 )\n"},
      {"nsec +multiline", "x.example.", 47, "01610178076578616d706c6500000762018008000380010140",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN NSEC a.x.example. A NS SOA MX TXT AAAA RRSIG NSEC DNSKEY CAA\n"},
      {"nsec3 +multiline", "p6jhvjm2sp40f6rnq6jeul8pgmumvnng.x.example.", 50,
       "0101000a04aabbccdd140b30557a9fc4e90e33587da2c7ec11365b80a5ca000762018008000380010140",
       [](Display& d) { d.multiline = true; },
       "p6jhvjm2sp40f6rnq6jeul8pgmumvnng.x.example. 300\tIN NSEC3 1 1 10 AABBCCDD (\n"
       "\t\t\t\t1CO5AUKVOJKGSCQOFMHCFR0H6PDO19EA\n"
       "\t\t\t\tA NS SOA MX TXT AAAA RRSIG NSEC DNSKEY\n"
       "\t\t\t\tCAA )\n"},
      {"nsec3-nosalt +multiline", "p6jhvjm2sp40f6rnq6jeul8pgmumvnng.x.example.", 50,
       "0100000000140b30557a9fc4e90e33587da2c7ec11365b80a5ca",
       [](Display& d) { d.multiline = true; },
       "p6jhvjm2sp40f6rnq6jeul8pgmumvnng.x.example. 300\tIN NSEC3 1 0 0 - (\n"
       "\t\t\t\t1CO5AUKVOJKGSCQOFMHCFR0H6PDO19EA )\n"},
      {"nsec3param +multiline", "x.example.", 51, "0100000a04aabbccdd",
       [](Display& d) { d.multiline = true; }, "x.example.\t\t300 IN NSEC3PARAM 1 0 10 AABBCCDD\n"},
      {"sshfp +multiline", "x.example.", 44,
       "04020b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN SSHFP 4 2 (\n"
       "\t\t\t\t0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14\n"
       "\t\t\t\t395E83A8CDF2173C6186 )\n"},
      {"tlsa +multiline", "x.example.", 52,
       "0301010b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN TLSA 3 1 1 (\n"
       "\t\t\t\t0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14\n"
       "\t\t\t\t395E83A8CDF2173C6186 )\n"},
      {"tlsa +nocrypto", "x.example.", 52,
       "0301010b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186",
       [](Display& d) { d.crypto = false; },
       "x.example.\t\t300\tIN\tTLSA\t3 1 1 "
       "0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14395E83A8CDF2 173C6186\n"},
      {"openpgpkey +multiline", "x.example.", 61,
       "0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678"
       "cb1d6fb20456a8fb4d9fe23486d92b7dc01264b7095badf04294e7398bde2072c51769bc0e50a2f54799ec3e80d"
       "32577ca1c6eb10355a7fa4c9ee13385d82a7ccf1163b6085aacff4193e6388add2f71c41668bb0d5fa",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN OPENPGPKEY ( CzBVep/E6Q4zWH2ix+wRNluApcrvFDleg6jN8hc8YYar\n"
       "\t\t\t\t0PUaP2SJrtP4HUJnjLHW+yBFao+02f4jSG2St9wBJktw\n"
       "\t\t\t\tlbrfBClOc5i94gcsUXabwOUKL1R5nsPoDTJXfKHG6xA1\n"
       "\t\t\t\tWn+kye4TOF2Cp8zxFjtgharP9Bk+Y4it0vccQWaLsNX6 )\n"},
      {"openpgpkey +nocrypto", "x.example.", 61,
       "0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678"
       "cb1d6fb20456a8fb4d9fe23486d92b7dc01264b7095badf04294e7398bde2072c51769bc0e50a2f54799ec3e80d"
       "32577ca1c6eb10355a7fa4c9ee13385d82a7ccf1163b6085aacff4193e6388add2f71c41668bb0d5fa",
       [](Display& d) { d.crypto = false; }, "x.example.\t\t300\tIN\tOPENPGPKEY [omitted]\n"},
      {"zonemd +multiline", "x.example.", 63,
       "78c4046501010b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489a"
       "ed3f81d42678cb1d6",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN ZONEMD 2026112101 1 1 (\n"
       "\t\t\t\t0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14\n"
       "\t\t\t\t395E83A8CDF2173C6186ABD0F51A3F6489AED3F81D42\n"
       "\t\t\t\t678CB1D6 )\n"},
      {"zonemd +nocrypto", "x.example.", 63,
       "78c4046501010b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489a"
       "ed3f81d42678cb1d6",
       [](Display& d) { d.crypto = false; },
       "x.example.\t\t300\tIN\tZONEMD\t2026112101 1 1 [omitted]\n"},
      {"unk +multiline", "x.example.", 65280,
       "0b30557a9fc4e90e33587da2c7ec11365b80a5caef14395e83a8cdf2173c6186abd0f51a3f6489aed3f81d42678"
       "cb1d6fb20456a8fb4d9fe23486d92b7dc01264b7095badf04294e7398bde2072c51769bc0e50a2f54799ec3e80d"
       "32577ca1c6eb10355a7fa4c9ee13385d82a7ccf1163b6085aacff4193e6388add2f71c41668bb0d5fa",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN TYPE65280 \\# 132 ( 0B30557A9FC4E90E33587DA2C7EC11365B80A5CAEF14\n"
       "\t\t\t\t395E83A8CDF2173C6186ABD0F51A3F6489AED3F81D42\n"
       "\t\t\t\t678CB1D6FB20456A8FB4D9FE23486D92B7DC01264B70\n"
       "\t\t\t\t95BADF04294E7398BDE2072C51769BC0E50A2F54799E\n"
       "\t\t\t\tC3E80D32577CA1C6EB10355A7FA4C9EE13385D82A7CC\n"
       "\t\t\t\tF1163B6085AACFF4193E6388ADD2F71C41668BB0D5FA )\n"},
      {"unk2 +multiline", "x.example.", 65280, "0102", [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN TYPE65280 \\# 2 ( 0102 )\n"},
      {"unk0 +multiline", "x.example.", 65280, "", [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN TYPE65280 \\# 0\n"},
      {"unk2 +unknownformat +multiline", "x.example.", 65280, "0102",
       [](Display& d) { d.unknown_format = d.multiline = true; },
       "x.example.\t\t300 CLASS1 TYPE65280 \\# 2 ( 0102 )\n"},
      {"a +multiline", "x.example.", 1, "c0000201", [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN A 192.0.2.1\n"},
      {"a +unknownformat +multiline", "x.example.", 1, "c0000201",
       [](Display& d) { d.unknown_format = d.multiline = true; },
       "x.example.\t\t300 CLASS1 TYPE1 \\# 4 ( C0000201 )\n"},
      {"a +multiline +noclass +nottlid", "x.example.", 1, "c0000201",
       [](Display& d) {
         d.multiline = true;
         d.rrclass = d.ttl = false;
       },
       "x.example.\t\tA\t192.0.2.1\n"},
      {"aaaa +expandaaaa", "x.example.", 28, "20010db8000000000000000000000001",
       [](Display& d) { d.expand_aaaa = true; },
       "x.example.\t\t300\tIN\tAAAA\t2001:0db8:0000:0000:0000:0000:0000:0001\n"},
      {"aaaa-v4 +expandaaaa", "x.example.", 28, "00000000000000000000ffffc0000201",
       [](Display& d) { d.expand_aaaa = true; },
       "x.example.\t\t300\tIN\tAAAA\t0000:0000:0000:0000:0000:ffff:c000:0201\n"},
      {"txt +multiline", "x.example.", 16, "0568656c6c6f05776f226c64",
       [](Display& d) { d.multiline = true; }, "x.example.\t\t300 IN TXT \"hello\" \"wo\\\"ld\"\n"},
      {"mx +multiline", "x.example.", 15, "000a0161016200", [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN MX 10 a.b.\n"},
      {"svcb +multiline", "x.example.", 64,
       "000103737663076578616d706c6500000100030268320003000220fb00040008c0000201c0000202",
       [](Display& d) { d.multiline = true; },
       "x.example.\t\t300 IN SVCB 1 svc.example. alpn=\"h2\" port=8443 "
       "ipv4hint=192.0.2.1,192.0.2.2\n"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    wire::Record record;
    record.owner = wire::Name::from_text(each.owner).value();
    record.type = static_cast<wire::RRType>(each.type);
    record.ttl = wire::Ttl{300};
    record.rdata = wire::from_hex(each.rdata).value();
    Display display;
    each.choose(display);
    CHECK(record_text(record, display) == each.line);
  }
}

TEST_CASE("an OPT among the records is shown option by option") {
  wire::Record record;
  record.type = wire::RRType::OPT;
  record.rdata =
      wire::from_hex("00030003616263000A001000000000000000000000000000000000000C0000").value();
  Display display;
  CHECK(rdata_text(record, display) == "3 3 YWJj 10 16 AAAAAAAAAAAAAAAAAAAAAA== 12 0");
  display.split_width = 8;
  CHECK(rdata_text(record, display) == "3 3 YWJj 10 16 AAAAAAAA AAAAAAAA AAAAAA== 12 0");
  display.split_width.reset();
  display.multiline = true;
  CHECK(rdata_text(record, display) ==
        "3 3 (\n\t\t\t\tYWJj ) 10 16 (\n\t\t\t\tAAAAAAAAAAAAAAAAAAAAAA== ) 12 0");
}

TEST_CASE("the types of an NSEC3 stand on a line for each window of 256") {
  const auto record = wire::record_from_text(
      "p6jhvjm2sp40f6rnq6jeul8pgmumvnng.x.example. 300 IN NSEC3 1 0 0 - "
      "000G40O40K30E209185GO38E1S8124GJ A NS CAA TYPE1234 TYPE65280 TYPE65281");
  REQUIRE(record);
  Display display;
  display.multiline = true;
  CHECK(rdata_text(*record, display) ==
        "1 0 0 - (\n\t\t\t\t000G40O40K30E209185GO38E1S8124GJ\n\t\t\t\tA NS\n\t\t\t\tCAA\n"
        "\t\t\t\tTYPE1234\n\t\t\t\tTYPE65280 TYPE65281 )");
}

TEST_CASE("seconds are told in words, without the units that are zero") {
  CHECK(in_words(0) == "0 seconds");
  CHECK(in_words(1) == "1 second");
  CHECK(in_words(694861) == "1 week 1 day 1 hour 1 minute 1 second");
  CHECK(in_words(4294967295) == "7101 weeks 3 days 6 hours 28 minutes 15 seconds");
}

TEST_CASE("an address record of another class is opaque") {
  wire::Record record;
  record.type = wire::RRType::A;
  record.rrclass = wire::RRClass::NONE;
  record.rdata = {49, 50, 51, 52};
  CHECK(rdata_text(record, Display{}) == "\\# 4 31323334");
  record.rrclass = wire::RRClass::HS;
  CHECK(rdata_text(record, Display{}) == "49.50.51.52");
  record.rrclass = wire::RRClass::CH;
  record.rdata = {1, 'a', 0, 0x12, 0x34};
  CHECK(rdata_text(record, Display{}) == "a. 11064");
}

TEST_CASE("names are shown in their own script where it is asked for") {
  to_unicode(".");  // takes the user's locale on, once; from here the test chooses
  REQUIRE(std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr);
  struct Case {
    std::string record;
    std::string line;
  };
  const Case cases[] = {
      {"xn--bcher-kva.example. 300 IN MX 1 xn--mnchen-3ya.example.",
       "b\u00fccher.example.\t300\tIN\tMX\t1 m\u00fcnchen.example.\n"},
      {"xn--bcher-kva.example. 300 IN NS xn--bcher-kva.a\\.b.",
       "b\u00fccher.example.\t300\tIN\tNS\tb\u00fccher.a\\.b.\n"},
      {"XN--BCHER-KVA.example. 300 IN MX 1 Xn--mnchen-3ya.example.",
       "B\u00fcCHER.example.\t300\tIN\tMX\t1 m\u00fcnchen.example.\n"},
      {"*.xn--bcher-kva.example. 300 IN NS _x.xn--bcher-kva.example.",
       "*.b\u00fccher.example.\t300\tIN\tNS\t_x.b\u00fccher.example.\n"},
      {"xn--bcher-kva.example. 300 IN TXT \"xn--bcher-kva.example.\"",
       "b\u00fccher.example.\t300\tIN\tTXT\t\"xn--bcher-kva.example.\"\n"},
  };
  Display display;
  display.idn_out = true;
  for (const Case& each : cases) {
    CAPTURE(each.record);
    const auto record = wire::record_from_text(each.record);
    REQUIRE_MESSAGE(record, record.error());
    CHECK(record_text(*record, display) == each.line);
  }
  std::setlocale(LC_CTYPE, "C");
  // Where the locale has no such letters, the name stays as it is.
  const auto record = wire::record_from_text(cases[0].record);
  CHECK(rdata_text(*record, display) == "1 xn--mnchen-3ya.example.");
}
