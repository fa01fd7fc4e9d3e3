{
  "variables": {
    "xdp": "<!(./native/bpf/tools build)"
  },
  "target_defaults": {
    "defines": ["NAPI_VERSION=9", "_GNU_SOURCE"],
    "cflags": ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-fvisibility=hidden"]
  },
  "targets": [
    {
      "target_name": "dropset",
      "sources": [
        "native/addon.c",
        "native/failure.c",
        "native/channel.c",
        "native/exchange.c",
        "native/listen.c",
        "native/handover.c",
        "native/datagram.c",
        "native/clock.c",
        "native/barrier.c",
        "native/launch.c"
      ]
    }
  ],
  "conditions": [
    [
      "xdp=='yes'",
      {
        "targets": [
          {
            "target_name": "dropset_xdp",
            "sources": [
              "native/failure.c",
              "native/xdp/addon.c",
              "native/xdp/value.c",
              "native/xdp/load.c",
              "native/xdp/objects.c",
              "native/xdp/maps.c",
              "native/xdp/arena.c",
              "native/xdp/calls.c",
              "native/xdp/plan.c",
              "native/xdp/table.c",
              "native/xdp/trail.c",
              "native/xdp/presence.c",
              "native/xdp/elements.c"
            ],
            "libraries": ["-lbpf", "-lm"],
            "dependencies": ["drop.bpf"]
          },
          {
            "target_name": "drop.bpf",
            "type": "none",
            "actions": [
              {
                "action_name": "compile",
                "inputs": [
                  "native/bpf/drop.bpf.c",
                  "native/bpf/find.h",
                  "native/bpf/hash.h",
                  "native/bpf/judge.h",
                  "native/bpf/layout.h",
                  "native/bpf/limits.h",
                  "native/bpf/maps.h",
                  "native/bpf/parse.h",
                  "native/bpf/ports.h"
                ],
                "outputs": ["<(PRODUCT_DIR)/drop.bpf.o"],
                "action": [
                  "clang",
                  "-O2",
                  "-g",
                  "-target",
                  "bpf",
                  "-mcpu=v3",
                  "-Wall",
                  "-Wextra",
                  "-Wno-unused-parameter",
                  "-I/usr/include/<!(cc -print-multiarch)",
                  "-c",
                  "native/bpf/drop.bpf.c",
                  "-o",
                  "<(PRODUCT_DIR)/drop.bpf.o"
                ]
              }
            ]
          }
        ]
      }
    ]
  ]
}
