# syntax=docker/dockerfile:1

# The executable is made where npm is.
FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
COPY tests/support/package.json tests/support/
RUN npm ci --no-audit --no-fund
COPY deno.json ./
COPY scripts/build.ts scripts/
COPY scripts/build scripts/build
COPY src src
RUN npm run -s build -- --only executable

# The last stage has the C library that the executable needs, certificates, and nothing else: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12
COPY --from=build /build/dist/limbeck /usr/local/bin/limbeck
WORKDIR /app
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/limbeck"]
CMD ["--help"]
