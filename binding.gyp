{
  "targets": [
    {
      "target_name": "dropset",
      "sources": [
        "native/addon.c",
        "native/failure.c",
        "native/channel.c",
        "native/exchange.c",
        "native/listen.c",
        "native/datagram.c"
      ],
      "defines": ["NAPI_VERSION=9", "_GNU_SOURCE"],
      "cflags": ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Wno-unused-parameter", "-fvisibility=hidden"]
    }
  ]
}
