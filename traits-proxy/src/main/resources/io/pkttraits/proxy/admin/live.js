// SPDX-License-Identifier: Apache-2.0
// The events are HTML that the proxy made, with whatever peers chose escaped in it.
"use strict";
const live = document.getElementById("live");
const state = document.getElementById("state");
const events = new EventSource("/events");
events.onopen = () => { state.textContent = "live"; };
events.onerror = () => { state.textContent = "not live"; };
events.onmessage = event => { live.innerHTML = event.data; };
